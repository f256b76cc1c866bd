using System.Text.Json;
using AkkaMail.Core.Replies;

namespace AkkaMail.Core.Inbound.Formats;

/// <summary>Amazon SES tells by SNS, which can be a mail: a JSON object in its text.</summary>
internal static class NotificationJson
{
    private const string Format = "ses-json";

    public static IEnumerable<BounceResult> Read(ParsedMail mail, BounceRules rules)
    {
        var text = mail.Parts.FirstOrDefault(part => part.Type == "text/plain")?.Text.TrimStart();
        if (text is null || !text.StartsWith('{') || !text.Contains("otificationType\"", StringComparison.Ordinal))
            return [];
        var end = text.IndexOf("\n--", StringComparison.Ordinal);
        // The mail's lines are folded wherever they were too long.
        var json = (end < 0 ? text : text[..end]).Replace("\r", "", StringComparison.Ordinal)
            .Replace("\n ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. Results(document.RootElement, rules)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { return []; }
    }

    private static IEnumerable<BounceResult> Results(JsonElement root, BounceRules rules) =>
        Text(root, "notificationType") switch
        {
            "Bounce" => All(root, "bounce", "bouncedRecipients")
                .Select(r => Bounced(r, root.GetProperty("bounce"), rules)),
            "Complaint" => All(root, "complaint", "complainedRecipients")
                .Select(r => Complained(r, root.GetProperty("complaint"))),
            "Delivery" => All(root, "delivery", "recipients").Select(r => Delivered(r, root.GetProperty("delivery"))),
            _ => [],
        };

    private static BounceResult Complained(JsonElement recipient, JsonElement complaint)
    {
        var type = Text(complaint, "complaintFeedbackType");
        return new(Text(recipient, "emailAddress"), BounceKind.Feedback, "", null, null,
            type.Length > 0 ? type : "abuse", Format);
    }

    private static BounceResult Delivered(JsonElement recipient, JsonElement delivery)
    {
        var reply = Lines.OneLine(Text(delivery, "smtpResponse"));
        return new(recipient.GetString() ?? "", BounceKind.Delivered, reply, Codes.Status(reply), null, null, Format);
    }

    private static BounceResult Bounced(JsonElement recipient, JsonElement bounce, BounceRules rules)
    {
        var diagnostic = Lines.OneLine(Text(recipient, "diagnosticCode"));
        var isSmtp = diagnostic.StartsWith("smtp;", StringComparison.OrdinalIgnoreCase);
        var reply = isSmtp ? diagnostic[5..].Trim() : diagnostic;
        var status = Codes.Status(Text(recipient, "status"));
        if (reply.Length == 0) reply = $"{Text(bounce, "bounceType")} {Text(bounce, "bounceSubType")}";
        var verdict = rules.Classify(reply, new(Status: status, IsReported: true));
        return new(Text(recipient, "emailAddress"), BounceKind.Bounce, reply, verdict.Status, verdict, null, Format);
    }

    private static JsonElement.ArrayEnumerator All(JsonElement root, string part, string list) =>
        root.TryGetProperty(part, out var p) && p.TryGetProperty(list, out var l) ? l.EnumerateArray() : default;

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
