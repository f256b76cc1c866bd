namespace AkkaMail.Server.Http;

/// <summary>
/// Each answer names its request in <c>X-Request-Id</c>, and so does whatever is logged under it. A proxy or a client
/// may have given it a name already; else it has Kestrel's, <c>0HNQEQ3BNVETN-00000001</c>: the connection and the
/// request on it, counted on from the time of the start.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    /// <summary>Characters of a name that is taken over: letters, digits, <c>. _ -</c>. Another is replaced.</summary>
    public const int Max = 64;

    /// <summary>Before everything that answers or logs.</summary>
    public static void UseRequestIds(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AkkaMail.Http");
        app.Use(async (context, next) =>
        {
            var given = context.Request.Headers[Header].ToString();
            context.TraceIdentifier = Of(given, context.TraceIdentifier);
            Mark(context);
            using (log.BeginScope(new Scope(context.TraceIdentifier))) await next(context);
        });
    }

    /// <summary>
    /// The name that came with it if it is good, else Kestrel's. That has a colon, which our own rule would not take from
    /// a client that passes it on.
    /// </summary>
    public static string Of(string given, string kestrels) => IsGood(given) ? given : kestrels.Replace(':', '-');

    /// <summary>
    /// What every answer has: its name, and that it is nothing else than its type says (fetch.spec.whatwg.org, nosniff).
    /// At once, and again by who has cleared the answer: a callback for each request is dearer.
    /// </summary>
    public static void Mark(HttpContext context)
    {
        context.Response.Headers[Header] = context.TraceIdentifier;
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }

    public static bool IsGood(string id) => id.Length is > 0 and <= Max
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>As the console writes it, and as JSON has it.</summary>
    private sealed class Scope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => new("RequestId", id);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() { yield return this[0]; }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"request {id}";
    }
}
