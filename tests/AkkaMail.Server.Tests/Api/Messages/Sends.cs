using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;

namespace AkkaMail.Server.Tests.Api.Messages;

/// <summary>Requests as text, through both doors: reading and validation.</summary>
internal static class Sends
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public const string Good =
        """{"from": "Shop <shop@example.com>", "to": ["a@example.com"], "subject": "Hi", "text": "Hello"}""";

    public static BodyRead<SendRequest> Read(string json) => RequestReader.Read(Encoding.UTF8.GetBytes(json), SendJson.Default.SendRequest, SendBounds.Default);

    public static SendValidated Validate(string json) => Read(json) switch
    {
        BodyRead<SendRequest>.Done done =>
            SendValidation.Validate(done.Value, Encoding.UTF8.GetBytes(json), Noon, SendLimits.Default),
        BodyRead<SendRequest>.Invalid invalid => new(null, [invalid.Error]),
        var malformed => throw new InvalidOperationException(malformed.ToString()),
    };

    /// <summary>The good request with these fields set, or with null taken away.</summary>
    public static string With(string fields)
    {
        var request = JsonNode.Parse(Good)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            if (value is null) request.Remove(name);
            else request[name] = value.DeepClone();
        return request.ToJsonString();
    }

    public static string Fields(SendValidated validated) => string.Join(' ', validated.Errors.Select(e => e.Field));

    public static string Text(int length) => new('x', length);

    public static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
