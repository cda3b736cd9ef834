using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Writes each key once, in order, and reads what this client wrote before: nothing that is lost is covered up by a later write. After so many keys it only reads.</summary>
internal sealed class InsertsGenerator : IGenerator
{
    /// <summary>Keys of one client: each is read back at every node after the run.</summary>
    public const int KeysEach = 100;

    private readonly WorkloadOptions options;
    private readonly int client;
    private readonly Dice dice;
    private int written;

    public InsertsGenerator(WorkloadOptions options, int client)
    {
        (this.options, this.client) = (options, client);
        dice = new Dice(options, client, keys: 1);
    }

    public IEnumerable<string> Keys => Enumerable.Range(0, written).Select(Key);

    public Request Next() => written == 0 || (written < KeysEach && client >= options.Readers && !dice.NextIsRead())
        ? new Request("write", Key(written++), dice.NextValue())
        : new Request("read", Key(dice.Below(written)));

    public void Saw(Request request, in StoreAnswer answer)
    {
        // Each key is written once, whatever comes of it.
    }

    private string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}i{client}.{number}");
}
