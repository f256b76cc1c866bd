using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AkkaMail.Server.Http;

/// <summary>
/// JSON as people read it in a terminal: <c>'</c> and <c>+</c> are themselves, and not escaped as if they stood in a
/// page (the type says what it is, and nobody may guess); times are UTC with milliseconds.
/// </summary>
internal static class Answers
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Plained = [];

    public static JsonHttpResult<T> Json<T>(T value, JsonTypeInfo<T> type, int? statusCode = null) =>
        TypedResults.Json(value, type.Plain(), statusCode: statusCode);

    /// <summary>201, with the path of what was made (RFC 9110 §15.3.2).</summary>
    /// <param name="location">Each part of it that is somebody's own word is escaped.</param>
    public static IResult Created<T>(string location, T value, JsonTypeInfo<T> type) =>
        new Made<T>(location, Json(value, type, StatusCodes.Status201Created));

    /// <summary>The same type, written for people.</summary>
    public static JsonTypeInfo<T> Plain<T>(this JsonTypeInfo<T> type) =>
        (JsonTypeInfo<T>)Plained.GetValue(type.Options, Copy).GetTypeInfo(typeof(T));

    /// <summary>For who writes line by line.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonSerializerOptions Copy(JsonSerializerOptions from)
    {
        var to = new JsonSerializerOptions(from) { Encoder = WriterOptions.Encoder };
        to.Converters.Add(new TimeWriter());
        to.MakeReadOnly();
        return to;
    }

    private sealed class Made<T>(string location, JsonHttpResult<T> body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = location;
            return body.ExecuteAsync(httpContext);
        }
    }

    /// <summary>RFC 3339 with milliseconds, always as many characters: texts sort as times do.</summary>
    private sealed class TimeWriter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("answers are only written");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[32];
            value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            writer.WriteStringValue(text[..length]);
        }
    }
}

/// <summary>
/// What is left of a limit over time, as the fields of draft-ietf-httpapi-ratelimit-headers-06 tell it: later drafts
/// have one field with a syntax of its own, which clients do not read yet.
/// </summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit-Limit";
    public const string Remaining = "RateLimit-Remaining";
    public const string Reset = "RateLimit-Reset";

    /// <summary>
    /// <paramref name="left"/> null: nobody knows. <paramref name="reset"/> from now on; told in whole seconds.
    /// </summary>
    public static void TellRateLimit(this IHeaderDictionary headers, long limit, long? left, TimeSpan reset)
    {
        headers[Limit] = limit.ToString(CultureInfo.InvariantCulture);
        if (left is { } remaining) headers[Remaining] = remaining.ToString(CultureInfo.InvariantCulture);
        var seconds = (long)Math.Ceiling(Math.Max(0, reset.TotalSeconds));
        headers[Reset] = seconds.ToString(CultureInfo.InvariantCulture);
    }
}
