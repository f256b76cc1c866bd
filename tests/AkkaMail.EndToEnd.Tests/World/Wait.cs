using System.Diagnostics;

namespace AkkaMail.EndToEnd.Tests.World;

/// <summary>Waits for a fact: looks again and again, and says what it saw last when the fact does not come.</summary>
internal static class Wait
{
    public static Task Until(Func<bool> isSo, TimeSpan? within = null, Func<string>? seen = null) =>
        Until(() => Task.FromResult(isSo()), within, seen);

    public static async Task Until(Func<Task<bool>> isSo, TimeSpan? within = null, Func<string>? seen = null)
    {
        var (began, limit) = (Stopwatch.GetTimestamp(), within ?? TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds} s; last seen: {seen?.Invoke()}");
            await Task.Delay(50);
        }
    }
}
