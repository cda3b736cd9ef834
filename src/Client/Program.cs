using Cluster.Client;

// The console: one command line, carried out.
return await CommandLine.RunAsync(args);
