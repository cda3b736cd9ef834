using System.Text.Json;

namespace Cluster.Lab.Benchmarks.Modes;

/// <summary>Asks a node to measure its circuit breaker: calls with it and without, in turns, in the process that uses it.</summary>
internal static class BreakerCost
{
    /// <summary>Asked again and again: the first answers are those of code that is not compiled for good yet.</summary>
    private const int Rounds = 15;

    /// <summary>Nanoseconds that a breaker adds to one call: the median of the last rounds.</summary>
    public static async Task<double> OfAsync(Uri node, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var added = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var answer = await http.GetAsync(new Uri(node, "modes/circuit-breaker/cost"), cancellation).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                throw new LabException($"{node} does not say what a breaker costs: {text}");
            }

            using var cost = JsonDocument.Parse(text);
            added.Add(cost.RootElement.GetProperty("addedNs").GetDouble());
        }

        return Math.Round(added.Skip(Rounds / 2).Order().ElementAt(Rounds / 4), 1);
    }
}
