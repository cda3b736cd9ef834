using Cluster.Lab.Reports;
using Microsoft.Playwright;

namespace Cluster.Browser.Tests.Reports;

/// <summary>A report that is open in a browser, with everything that it asked for and complained of.</summary>
public sealed class OpenReport(IPage page, string folder) : IAsyncDisposable
{
    private readonly string path = Path.Combine(folder, "report.html");

    public IPage Page => page;

    /// <summary>Errors and warnings of the console, and exceptions that nobody caught.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What was requested besides the page itself.</summary>
    public List<string> Requests { get; } = [];

    public long Bytes => new FileInfo(path).Length;

    public async Task OpenAsync(RunReport report)
    {
        ReportWriter.Write(path, report);
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning")
            {
                Complaints.Add(said.Text);
            }
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) => Requests.Add(request.Url);
        await page.GotoAsync("file://" + path);
        await DrawnAsync();
    }

    /// <summary>Waits until what was asked for has been drawn: drawings follow at the next frame.</summary>
    public Task DrawnAsync() => page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    /// <summary>How many messages the diagram shows, and whether as arrows or as a density.</summary>
    public async Task<(int Shown, string Drawn)> DiagramAsync()
    {
        await DrawnAsync();
        var canvas = page.Locator("#spacetime");
        return (int.Parse((await canvas.GetAttributeAsync("data-shown"))!, null), (await canvas.GetAttributeAsync("data-drawn"))!);
    }

    /// <summary>Milliseconds from a turn of the wheel until the pixels are there.</summary>
    public Task<double> RedrawMsAsync(int turn) => page.EvaluateAsync<double>(
        """
        async turn => {
          const canvas = document.getElementById("spacetime"), box = canvas.getBoundingClientRect(), begun = performance.now();
          canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: turn, clientX: box.left + 500, clientY: box.top + 100, cancelable: true }));
          await new Promise(done => requestAnimationFrame(done));
          canvas.getContext("2d").getImageData(0, 0, 1, 1);
          return performance.now() - begun;
        }
        """,
        turn);

    public async ValueTask DisposeAsync()
    {
        await page.Context.CloseAsync();
        Directory.Delete(folder, recursive: true);
    }
}
