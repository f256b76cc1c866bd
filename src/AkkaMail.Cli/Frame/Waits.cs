using System.CommandLine;

namespace AkkaMail.Cli.Frame;

/// <summary><c>--wait</c>: a verb that looks again and again until it has what it waits for.</summary>
internal static class Waits
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    public static Option<string?> Option(string until) => new("--wait")
    {
        Description = $"Wait until {until}, for so long: 90s, 30m, 2h; {Usual.TotalMinutes:0}m without a value",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Null: it is not to wait.</summary>
    public static TimeSpan? TimeOf(Call call, Option<string?> wait) => !call.Has(wait) ? null
        : call.Get(wait) is not { } text ? Usual
        : Moments.Span(text) ?? throw new UsageException($"--wait {text} is no length of time: write 90s, 30m or 2h.");

    /// <summary>True as soon as <paramref name="isThere"/>; false when the time is over.</summary>
    public static async Task<bool> Until(Call call, TimeSpan time, TimeSpan every, Func<Task<bool>> isThere)
    {
        var end = call.Now + time;
        while (!await isThere())
        {
            if (call.Now >= end) return false;
            await Task.Delay(end - call.Now < every ? end - call.Now : every, call.Terminal.Time, call.Cancel);
        }
        return true;
    }
}
