# One image for the node and for the console: `docker run IMAGE` is a node (options: Cluster.Node --help), `docker run --entrypoint lab IMAGE` the console.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Packages are a layer of their own: it stands until a lock file changes, and it holds exactly what the lock files name.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Shared/Shared.csproj src/Shared/packages.lock.json src/Shared/
COPY src/Engine/Engine.csproj src/Engine/packages.lock.json src/Engine/
COPY src/Modes/Modes.csproj src/Modes/packages.lock.json src/Modes/
COPY src/Node/Node.csproj src/Node/packages.lock.json src/Node/
COPY src/Lab/Lab.csproj src/Lab/packages.lock.json src/Lab/
COPY src/Client/Client.csproj src/Client/packages.lock.json src/Client/
RUN dotnet restore src/Node --locked-mode && dotnet restore src/Client --locked-mode

# Compiled ahead for this machine's processor: a node starts in half the time. Code that runs often is compiled again as it runs.
# The compiler package for it is not in the lock files, which are the same for every processor.
# No analyzers: they look at the same code wherever it is built and tested.
COPY . .
ARG PUBLISH="-c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:RestoreLockedMode=false -p:DebugType=none -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false -p:RunAnalyzers=false -v q"
RUN dotnet publish src/Node $PUBLISH -o /out/node && dotnet publish src/Client $PUBLISH -o /out/lab

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /out /app
COPY LICENSE /app/

# A fixed number: the data of a volume belongs to it, whatever names the next image has. No home, no shell of its own, no name needed.
RUN ln -s /app/lab/Cluster.Client /usr/local/bin/lab && mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data

# Several nodes share one machine: small heaps that give memory back, at most three quarters (0x4B percent) of the container's memory, the rest for sockets
# and the page cache. A youngest generation of 32 MB, as 'lab up' gives its nodes: fewer collections under load. No diagnostic sockets, so that the file system can
# be read-only.
ENV DOTNET_gcServer=0 DOTNET_GCgen0size=0x2000000 DOTNET_GCConserveMemory=3 DOTNET_GCHeapHardLimitPercent=4B DOTNET_EnableDiagnostics=0 DOTNET_NOLOGO=1 \
    ASPNETCORE_HTTP_PORTS= CLUSTER_IP=0.0.0.0 CLUSTER_DATA=/data
EXPOSE 4053 8558 6379

# Healthy is ready: the node serves requests. A node without a majority is unhealthy, and says why in the health log.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/app/node/Cluster.Node", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/app/node/Cluster.Node"]
