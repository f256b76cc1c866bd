using AkkaMail.Core.Ids;

namespace AkkaMail.Server.Refusals;

/// <summary>
/// Why something is refused, whichever door it came by: a closed list, each word of it for ever. In every problem
/// answer it is <c>code</c>; docs/reference/errors.md.
/// </summary>
public enum RefusalCode
{
    /// <summary>It cannot be read: no JSON, no mail.</summary>
    [Word("malformed")] Malformed,

    /// <summary>It can be read, and a field of it is wrong.</summary>
    [Word("invalid")] Invalid,

    /// <summary>The query has a parameter that the path does not know, or one twice; or there is no such header.</summary>
    [Word("unknown_parameter")] UnknownParameter,

    [Word("too_large")] TooLarge,
    [Word("unsupported_type")] UnsupportedType,
    [Word("key_wrong")] KeyWrong,
    [Word("key_expired")] KeyExpired,

    /// <summary>The key lacks the scope.</summary>
    [Word("key_scope")] KeyScope,

    /// <summary>The key may not be used from this network.</summary>
    [Word("key_network")] KeyNetwork,

    [Word("too_many_wrong_keys")] TooManyWrongKeys,
    [Word("not_found")] NotFound,
    [Word("method_not_allowed")] MethodNotAllowed,

    /// <summary>It contradicts what is there.</summary>
    [Word("conflict")] Conflict,

    /// <summary>The idempotency key stands for another submission.</summary>
    [Word("key_in_use")] KeyInUse,

    [Word("tenant_suspended")] TenantSuspended,

    /// <summary>The From domain is not verified for the tenant.</summary>
    [Word("sender_not_verified")] SenderNotVerified,

    [Word("over_quota")] OverQuota,

    /// <summary>As much of this kind is under way as may be.</summary>
    [Word("busy")] Busy,

    /// <summary>As many messages wait as the ledger may hold.</summary>
    [Word("ledger_full")] LedgerFull,

    /// <summary>A part of the server does not answer: nothing was promised, the same may be sent again.</summary>
    [Word("unavailable")] Unavailable,

    /// <summary>A bug of ours.</summary>
    [Word("internal")] Internal,
}
