using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Core.Tenants;
using AkkaMail.Engine.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Hygiene;
using AkkaMail.Server.Lists;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Hygiene;

/// <summary><c>POST /v1/hygiene/check</c>: a list of addresses before mail is sent to it.</summary>
internal static class CheckHygiene
{
    /// <summary>Bytes of a list: 100,000 of the longest addresses. More: 413.</summary>
    public const long BytesMax = 32L * 1024 * 1024;

    /// <summary>
    /// Addresses that are looked at before the first of them is answered: one slow domain holds up so many.
    /// </summary>
    private const int AheadMax = 1_000;

    /// <summary>Octets of answers that wait for each other, when more are ready.</summary>
    private const int FlushBytes = 32 * 1024;

    public static void MapHygiene(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/hygiene/check", Check).Needs(Scopes.Read).WithName("CheckHygiene")
            .WithSummary("Look at a list of addresses before mail is sent to it")
            .WithDescription("The body is the list, one address a line, up to 100,000: plain text, or CSV with a "
                + "column address or email, or as other products call it (else the first that has an address). "
                + "The answer is NDJSON: a line for each address in their "
                + "order, and a summary. A check that has to end earlier says why in the line before that. ?stream= names "
                + "the stream whose suppressions count, broadcast without it. "
                + "Nothing is stored.")
            .Accepts<string>("text/csv", "text/plain", "*/*")   // What curl says of a file is of no interest.
            .Produces<HygieneAnswer>(200, "application/x-ndjson").Refuses(413, 422)
            .RefusesWith(RefusalCode.Busy);

    /// <param name="stream">The stream whose suppressions count. Left out: <c>broadcast</c>.</param>
    private static async Task<IResult> Check(
        HttpContext http, Caller caller, HygieneChecks checks, AccountsView accounts, DataDirectory data, string? stream,
        CancellationToken cancel)
    {
        stream ??= Streams.Broadcast;
        if (accounts.Current?.Tenants.GetValueOrDefault(caller.ActsFor)?.Streams.ContainsKey(stream) == false)
            return Problem.Field("stream", "is not one of the tenant's streams");
        if (http.Request.ContentLength > BytesMax) return TooLarge();
        // Taken in before the answer: most clients send all before they read, and would wait for us as we for them.
        await using var list = new FileStream(
            data.TemporaryFile(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81_920,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        if (!await TakeIn(http.Request.Body, list, cancel)) return TooLarge();
        if (list.Length == 0) return Problem.Field("$", "is empty: the body is the list");
        if (await AddressList.Problem(list, cancel) is { } problem) return Problem.Field("$", problem);
        // A place is for who works: a list that drips in must not hold it.
        using var run = checks.Begin(caller.ActsFor, stream);
        if (run is null) return Busy();
        var isPlain = http.Request.ContentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) is true;
        http.Response.ContentType = "application/x-ndjson";
        await Answer(http.Response, AddressList.Read(list, isPlain, cancel), run, cancel);
        return Results.Empty;
    }

    private static Problem Busy() => Problem.Of(RefusalCode.Busy, "Other checks are under way",
        $"Of one tenant {HygieneChecks.OfTenantMax} run at once, {HygieneChecks.RunningMax} in all.") with
    {
        RetryAfter = 30,
    };

    private static Problem TooLarge() => Problem.Of(RefusalCode.TooLarge, "The list is too large", $"It may have {BytesMax} bytes.");

    private static async Task<bool> TakeIn(Stream body, FileStream to, CancellationToken cancel)
    {
        var buffer = new byte[81_920];
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (to.Position + read > BytesMax) return false;
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        await to.FlushAsync(cancel);
        return true;
    }

    /// <summary>
    /// The answers come in the order of the list. When the client takes none, <see cref="AheadMax"/> are looked at and
    /// no more.
    /// </summary>
    private static async Task Answer(
        HttpResponse http, IAsyncEnumerable<(long Line, string Address)> list, HygieneChecks.Run run,
        CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ahead = Channel.CreateBounded<Task<HygieneLine>>(
            new BoundedChannelOptions(AheadMax) { SingleReader = true, SingleWriter = true });
        var looking = LookAhead(list, run, ahead.Writer, over.Token);
        var (tally, fault) = (new HygieneTally(), (HygieneFault?)null);
        long line = 0;
        try
        {
            await foreach (var next in ahead.Reader.ReadAllAsync(over.Token))
            {
                if (!next.IsCompleted || http.BodyWriter.UnflushedBytes > FlushBytes)
                    await http.BodyWriter.FlushAsync(over.Token);
                var answer = await next;
                line = answer.Line;
                tally.Count(answer);
                Write(http, answer, HygieneAnswers.Default.HygieneLine);
            }
        }
        catch (ListException e) { fault = new(e.Line, e.Message); }
        catch (StoreException e) { fault = new(line + 1, e.Message); }
        finally
        {
            await over.CancelAsync();
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (fault is not null) Write(http, fault, HygieneAnswers.Default.HygieneFault);
        Write(http, tally.ToEnd(complete: fault is null), HygieneAnswers.Default.HygieneEnd);
        await http.BodyWriter.FlushAsync(cancel);
    }

    private static async Task LookAhead(
        IAsyncEnumerable<(long Line, string Address)> list, HygieneChecks.Run run, ChannelWriter<Task<HygieneLine>> to,
        CancellationToken cancel)
    {
        try
        {
            await foreach (var (line, address) in list.WithCancellation(cancel))
            {
                await to.WaitToWriteAsync(cancel);   // No look-up begins before its answer has a place.
                await to.WriteAsync(run.Check(line, address, cancel), cancel);
            }
            to.Complete();
        }
        catch (Exception e) { to.Complete(e); }   // Goes up where the answers are read.
    }

    private static void Write<T>(HttpResponse http, T line, JsonTypeInfo<T> type)
    {
        using (var json = new Utf8JsonWriter(http.BodyWriter, Answers.WriterOptions))
            JsonSerializer.Serialize(json, line, type.Plain());
        http.BodyWriter.Write("\n"u8);
    }
}
