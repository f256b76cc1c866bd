using AkkaMail.Core.Hygiene;
using AkkaMail.Server.Access;
using AkkaMail.Server.Refusals;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace AkkaMail.Server.Http;

/// <summary>
/// A header of ours that nobody reads is a mistake: with <c>AkkaMail-Tennant: acme</c> mail would go out in another
/// tenant's name. And what a header says of the body has to be so, since the body is read as it is.
/// </summary>
internal static class KnownHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    private static readonly string[] Ours = [Caller.TenantHeader, IdempotencyKey];

    /// <summary>Kept as it came, packed or not.</summary>
    private const string AnyFile = "application/octet-stream";

    private const string Json = "application/json";
    private const int ShownMax = 64;

    /// <summary>Under <paramref name="path"/>, once it is known what the endpoint takes.</summary>
    public static void UseKnownHeaders(this IApplicationBuilder app, string path) => app.Use((context, next) =>
        context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
        && (Unknown(context.Request.Headers) ?? Form(context)) is { } problem
            ? problem.ExecuteAsync(context) : next(context));

    private static Problem? Unknown(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            if (!IsLikeOurs(name)) continue;
            if (Ours.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                if (values.Count > 1) return Problem.Field(name, "is given twice");
                if (string.IsNullOrWhiteSpace(values.ToString()))
                    return Problem.Field(name, "is empty: leave it out, or give it a value");
                continue;
            }
            var error = new FieldError(name, $"is not a header of this server: {Instead(name)}");
            return Problem.Of(new Refusal(
                RefusalCode.UnknownParameter, "A header is not known", $"{error.Field} {error.Message}")
            {
                Errors = [error],
            });
        }
        return null;
    }

    private static ReadOnlySpan<char> Plain(ReadOnlySpan<char> name) =>
        name is ['X' or 'x', '-' or '_', .. var rest] ? rest : name;

    private static bool IsLikeOurs(string name) =>
        Plain(name) is var plain && (plain.StartsWith("AkkaMail", StringComparison.OrdinalIgnoreCase)
            || plain.StartsWith("Idempotency", StringComparison.OrdinalIgnoreCase));

    private static string Instead(string name)
    {
        var plain = FieldError.Cut(Plain(name).ToString().Replace('_', '-').ToUpperInvariant(), ShownMax);
        var near = Ours.Select(known => (Name: known, Edits: Misspelling.Edits(plain, known.ToUpperInvariant())))
            .MinBy(k => k.Edits);
        return near.Edits <= 3 ? $"did you mean {near.Name}?" : $"it has {string.Join(" and ", Ours)}";
    }

    /// <summary>RFC 9110 §15.5.16. What is packed or in other letters would be read as if it were neither.</summary>
    private static Problem? Form(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts) return null;
        var request = context.Request;
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !accepts.ContentTypes.Contains(AnyFile)
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return Type(
                $"It has the Content-Encoding {FieldError.Cut(encoding, ShownMax)}: send it as it is, not packed.");
        if (!accepts.ContentTypes.Contains(Json) || request.ContentType is not { } text
            || !MediaTypeHeaderValue.TryParse(text, out var type)) return null;
        var charset = HeaderUtilities.RemoveQuotes(type.Charset).ToString();
        return charset.Length == 0 || charset.ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII" ? null
            : Type($"Its charset is {FieldError.Cut(charset, ShownMax)}: JSON is sent in UTF-8 (RFC 8259).");
    }

    private static Problem Type(string detail) =>
        Problem.Of(RefusalCode.UnsupportedType, "The body is not of a form that is read here", detail);
}
