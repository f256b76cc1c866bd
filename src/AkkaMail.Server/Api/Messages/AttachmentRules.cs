using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>The rules of attachments.</summary>
internal sealed partial class AttachmentRules(SendLimits limits, FieldErrors errors)
{
    private const int TypeMax = 255, ContentIdMax = 255;

    public ImmutableArray<Attachment> Read(SendAttachment?[]? attachments)
    {
        if (attachments is null) return [];
        if (attachments.Length > limits.AttachmentsMax)
        {
            errors.Add("attachments", $"are more than {limits.AttachmentsMax}");
            return [];
        }
        var read = ImmutableArray.CreateBuilder<Attachment>(attachments.Length);
        var contentIds = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < attachments.Length; i++)
        {
            var field = $"attachments[{i}]";
            if (attachments[i] is not { } a)
            {
                errors.Add(field, "must be an object");
                continue;
            }
            var type = a.ContentType ?? "application/octet-stream";
            errors.Check($"{field}.filename", FilenameProblem(a.Filename));
            errors.Check($"{field}.content", a.Octets is null ? "is missing" : null);
            errors.Check($"{field}.content_type", TypeProblem(type));
            errors.Check($"{field}.content_id", ContentIdProblem(a.ContentId, contentIds));
            read.Add(new(a.Filename ?? "", type, a.ContentId, a.Octets ?? Octets.Of(default)));
        }
        return read.ToImmutable();
    }

    // RFC 2183 §2.3: a receiver must not be led to write outside its directory; better that nothing tries.
    private string? FilenameProblem(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "is missing"
        : name is "." or ".." || name.AsSpan().ContainsAny('/', '\\') ? "must be a name without a path"
        : name.Any(char.IsControl) ? "has a control character"
        : Encoding.UTF8.GetByteCount(name) > limits.FilenameBytesMax ? $"is longer than {limits.FilenameBytesMax} bytes"
        : null;

    private static string? TypeProblem(string type) =>
        type.Length > TypeMax || !MediaType().IsMatch(type) ? "is not a content type (type/subtype)"
        : type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) ? "cannot be multipart"
        : null;

    private static string? ContentIdProblem(string? id, HashSet<string> seen) => id switch
    {
        null => null,
        { Length: 0 or > ContentIdMax } => $"must have 1 to {ContentIdMax} characters",
        _ when id.Any(c => c is <= ' ' or > '~' or '<' or '>' or '"') => "has a character that no Content-ID may have",
        _ => seen.Add(id) ? null : "is used twice",
    };

    /// <summary>RFC 2045 §5.1: type, subtype, and parameters whose values are tokens or quoted.</summary>
    [GeneratedRegex(
        """^[\w!#$&^.+-]+/[\w!#$&^.+-]+([ \t]*;[ \t]*[\w!#$&^.+*-]+=([\w!#$&^.+'*%-]+|"[ !#-\[\]-~]*"))*\z""",
        RegexOptions.ECMAScript)]
    private static partial Regex MediaType();
}
