using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Http;

/// <summary>A request's body as an order to something: small, and JSON.</summary>
internal static class JsonBody
{
    /// <summary>The request, or the problem that is the answer. No body at all is <c>{}</c>.</summary>
    public static async Task<(T? Request, Problem? Problem)> Read<T>(
        HttpRequest http, JsonTypeInfo<T> type, long bytesMax, CancellationToken cancel, BodyBounds? bounds = null)
        where T : class
    {
        if (await Body.Read(http, bytesMax, cancel) is not { } body)
            return (null, Problem.Of(RefusalCode.TooLarge, "The body is too large", $"It may have {bytesMax} bytes."));
        return RequestReader.Read(body.IsEmpty ? "{}"u8 : body.Span, type, bounds) switch
        {
            BodyRead<T>.Done done => (done.Value, null),
            BodyRead<T>.Malformed malformed => (null, Problem.Malformed(malformed.Message)),
            BodyRead<T>.Invalid invalid => (null, Problem.Invalid([invalid.Error])),
            var other => throw new UnreachableException($"{other} is no way a body can read"),
        };
    }
}
