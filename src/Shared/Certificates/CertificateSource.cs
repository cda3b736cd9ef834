using System.Globalization;

namespace Cluster.Shared.Certificates;

/// <summary>
/// A holder's certificates for as long as it runs: the files are looked at now and then, and when they have changed, connections made from then on use the new ones.
/// New files that cannot be used are told once and change nothing. Warns, once a day, when the end is near.
/// </summary>
public sealed class CertificateSource : IDisposable
{
    /// <summary>How often the files are looked at: three calls of the system each time, and a rotation need not be quicker.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>From here on the end is near: time for somebody to come back from a holiday.</summary>
    public static readonly TimeSpan WarnBefore = TimeSpan.FromDays(7);

    private readonly Lock gate = new();
    private readonly CertificatePaths paths;
    private readonly CertificateIdentity? mustBe;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private CertificateSet current;
    private string seen;
    private DateTimeOffset warnAgain = DateTimeOffset.MinValue;

    /// <param name="mustBe">Who the certificate has to speak for; null for anybody.</param>
    /// <exception cref="CertificateException">The files cannot be used.</exception>
    public CertificateSource(CertificatePaths paths, CertificateIdentity? mustBe, TimeProvider clock)
    {
        (this.paths, this.mustBe, this.clock) = (paths, mustBe, clock);
        seen = Stamp();
        current = CertificateSet.Load(paths, mustBe, clock.GetUtcNow());
        timer = clock.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>What connections that are made now use.</summary>
    public CertificateSet Current => Volatile.Read(ref current);

    /// <summary>How long the certificate is still good; negative once it has expired.</summary>
    public TimeSpan Left => Current.ValidUntil - clock.GetUtcNow();

    /// <summary>The time as this source's clock has it.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Told when other certificates are in use. Set before anything is expected of it.</summary>
    public Action<string> Say { get; set; } = _ => { };

    /// <summary>Told what needs somebody's attention.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>Looks at the files now: takes new ones, and warns where something is to be warned of.</summary>
    public void Look()
    {
        lock (gate)
        {
            var stamp = Stamp();
            if (stamp != seen)
            {
                seen = stamp;
                Reload();
            }

            WarnOfTheEnd();
        }
    }

    public void Dispose() => timer.Dispose();

    private void Reload()
    {
        try
        {
            var next = CertificateSet.Load(paths, mustBe, clock.GetUtcNow());
            Volatile.Write(ref current, next);
            warnAgain = DateTimeOffset.MinValue;
            Say($"new certificates are in use for new connections: {paths.Certificate}, good until {Text(next.ValidUntil)}");
            foreach (var warning in next.Warnings)
            {
                Warn(warning);
            }
        }
        catch (CertificateException unusable)
        {
            // A rotation writes three files one after the other: what does not fit together now may do so at the next look.
            Warn($"the certificates have changed and cannot be used, the ones before stay in use: {unusable.Message}");
        }
    }

    private void WarnOfTheEnd()
    {
        var now = clock.GetUtcNow();
        if (Left >= WarnBefore || now < warnAgain)
        {
            return;
        }

        warnAgain = now + TimeSpan.FromDays(1);
        Warn(Left > TimeSpan.Zero
            ? $"the certificate {paths.Certificate} expires on {Text(Current.ValidUntil)}, in {Left.TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days: after that no new link can be made with it; renew it ('lab certs renew'), no restart is needed"
            : $"the certificate {paths.Certificate} expired on {Text(Current.ValidUntil)}: links that stand go on, but no new one can be made; renew it ('lab certs renew'), no restart is needed");
    }

    /// <summary>Tells whether a file was written since: its time and its length, of the file that a link leads to.</summary>
    private string Stamp() => string.Join('|', new[] { paths.Certificate, paths.Key, paths.Authorities }.Select(file =>
    {
        if (file is null)
        {
            return "";
        }

        try
        {
            var info = new FileInfo(file);
            var real = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
            return string.Create(CultureInfo.InvariantCulture, $"{real.FullName} {real.LastWriteTimeUtc.Ticks} {(real.Exists ? real.Length : -1)}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.GetType().Name;
        }
    }));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
