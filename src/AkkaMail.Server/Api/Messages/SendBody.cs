using System.Security.Cryptography;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// The body of <c>POST /v1/messages</c>: what of it is JSON, the files that were taken out of that while it came, and the
/// length and hash of all of it.
/// </summary>
internal sealed record SendBody(ReadOnlyMemory<byte> Json, int Length, Hash128 Hash, FileLift? Lifted)
{
    /// <summary>A body of more bytes comes without its files in memory. Ordinary mail is smaller.</summary>
    private const int LargeFrom = 1 << 20;

    /// <summary>Null when it has more than <paramref name="max"/> bytes. A large one and its files are there until the
    /// request ends.</summary>
    public static async ValueTask<SendBody?> Read(
        HttpRequest http, long max, Func<Stream> newFile, CancellationToken cancel)
    {
        if (http.ContentLength > max) return null;
        if (http.ContentLength <= LargeFrom)
            return await Body.Read(http, max, cancel) is { } body
                ? new(RequestReader.WithoutMark(body), body.Length, Hash128.Of(body.Span), null) : null;
        var lift = new FileLift(
            newFile, BodyMemory.Of(http), SendLimits.Default.AttachmentsMax, http.ContentLength);
        http.HttpContext.Response.RegisterForDispose(lift);
        var length = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isWhole = await Body.Pass(http, max, part =>
        {
            length += part.Length;
            hash.AppendData(part.Span);
            lift.Take(part.Span);
        }, cancel);
        return isWhole ? new(RequestReader.WithoutMark(lift.Rest), length, Hash128.Read(hash.GetHashAndReset()), lift) : null;
    }

    public BodyRead<SendRequest> ToRequest()
    {
        var read = RequestReader.Read(Json.Span, SendJson.Default.SendRequest, SendBounds.Default, Lifted?.Gaps);
        return read is BodyRead<SendRequest>.Done { Value: var request } && Lifted is { Files: { Count: > 0 } files }
            ? new BodyRead<SendRequest>.Done(With(request, files)) : read;
    }

    private static SendRequest With(SendRequest request, IReadOnlyDictionary<int, Octets> files) => request with
    {
        Attachments = [.. request.Attachments!.Select((a, i) =>
            a is not null && files.TryGetValue(i, out var octets) ? a with { Octets = octets } : a)],
    };
}
