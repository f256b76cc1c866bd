using AkkaMail.Core.Tenants;
using AkkaMail.Server.Options;

namespace AkkaMail.Server.Messages;

/// <summary>The bounds of one call; beyond each is a 422 that names the field.</summary>
public sealed record SendLimits
{
    public static readonly SendLimits Default = new();

    /// <summary>The tenant's streams; null: any, when what was accepted is only repeated.</summary>
    public IReadOnlyDictionary<string, MailStream>? Streams { get; init; } = MailStream.BuiltIn;

    public const string DefaultStream = "transactional";

    public int RecipientsMax { get; init; } = 1_000;
    public int PersonalizationsMax { get; init; } = 1_000;

    /// <summary>Addresses that an answer goes to.</summary>
    public int ReplyToMax { get; init; } = 25;

    public int TagsMax { get; init; } = 10;

    /// <summary>Characters.</summary>
    public int TagLengthMax { get; init; } = 64;

    public int HeadersMax { get; init; } = 50;
    public int VariablesMax { get; init; } = 100;

    /// <summary>
    /// UTF-8 bytes of all names and values of a call, and again of a personalization: each recipient's are kept.
    /// Default 256 KiB.
    /// </summary>
    public int VariablesBytesMax { get; init; } = 256 * 1024;

    public int MetadataMax { get; init; } = 50;

    /// <summary>UTF-8 bytes of a name and its value together.</summary>
    public int MetadataBytesMax { get; init; } = 1_024;

    public int AttachmentsMax { get; init; } = 100;

    /// <summary>
    /// UTF-8 bytes of subject, text and HTML when they are filled, and the attachments. What came in a request always
    /// fits; variables cannot make more of it.
    /// </summary>
    public long MailBytesMax { get; init; } = AkkaMailOptions.BodyBytesDefault;

    /// <summary>
    /// UTF-8 bytes that variables add to subject, text and HTML of all mails of a call, of each recipient again: 128 KiB
    /// for each of a thousand. What was written itself does not count. Default 128 MiB.
    /// </summary>
    public long FilledBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>UTF-8 bytes: a line of RFC 5322 §2.1.1, before it is folded.</summary>
    public int SubjectBytesMax { get; init; } = 998;

    /// <summary>UTF-8 bytes, as file systems have it.</summary>
    public int FilenameBytesMax { get; init; } = 255;

    /// <summary>A clock that is this much ahead of ours means now. Default 60 s.</summary>
    public TimeSpan SkewMax { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan SendAheadMax { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After the later of acceptance and <c>send_at</c>. Default 72 h.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromHours(72);

    public TimeSpan LifeMin { get; init; } = TimeSpan.FromMinutes(1);
    public TimeSpan LifeMax { get; init; } = TimeSpan.FromDays(7);
}
