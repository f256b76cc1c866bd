namespace AkkaMail.Server.Refusals;

/// <summary>
/// Why something is refused, whichever door it came by: a closed list, each word of it for ever. In every problem
/// answer it is <c>code</c>; docs/reference/errors.md.
/// </summary>
public enum RefusalCode
{
    /// <summary>It cannot be read: no JSON, no mail.</summary>
    Malformed,

    /// <summary>It can be read, and a field of it is wrong.</summary>
    Invalid,

    TooLarge,
    UnsupportedType,
    KeyWrong,
    KeyExpired,

    /// <summary>The key lacks the scope.</summary>
    KeyScope,

    /// <summary>The key may not be used from this network.</summary>
    KeyNetwork,

    TooManyWrongKeys,
    NotFound,
    MethodNotAllowed,

    /// <summary>It contradicts what is there.</summary>
    Conflict,

    /// <summary>The idempotency key stands for another submission.</summary>
    KeyInUse,

    TenantSuspended,

    /// <summary>The From domain is not verified for the tenant.</summary>
    SenderNotVerified,

    OverQuota,

    /// <summary>As much of this kind is under way as may be.</summary>
    Busy,

    /// <summary>As many messages wait as the ledger may hold.</summary>
    LedgerFull,

    /// <summary>A part of the server does not answer: nothing was promised, the same may be sent again.</summary>
    Unavailable,

    /// <summary>A bug of ours.</summary>
    Internal,
}

/// <summary>The words of the codes.</summary>
public static class RefusalWords
{
    public static string ToWord(this RefusalCode code) => code switch
    {
        RefusalCode.Malformed => "malformed",
        RefusalCode.Invalid => "invalid",
        RefusalCode.TooLarge => "too_large",
        RefusalCode.UnsupportedType => "unsupported_type",
        RefusalCode.KeyWrong => "key_wrong",
        RefusalCode.KeyExpired => "key_expired",
        RefusalCode.KeyScope => "key_scope",
        RefusalCode.KeyNetwork => "key_network",
        RefusalCode.TooManyWrongKeys => "too_many_wrong_keys",
        RefusalCode.NotFound => "not_found",
        RefusalCode.MethodNotAllowed => "method_not_allowed",
        RefusalCode.Conflict => "conflict",
        RefusalCode.KeyInUse => "key_in_use",
        RefusalCode.TenantSuspended => "tenant_suspended",
        RefusalCode.SenderNotVerified => "sender_not_verified",
        RefusalCode.OverQuota => "over_quota",
        RefusalCode.Busy => "busy",
        RefusalCode.LedgerFull => "ledger_full",
        RefusalCode.Unavailable => "unavailable",
        RefusalCode.Internal => "internal",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };
}
