using AkkaMail.Core.Ids;
using AkkaMail.Server.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AkkaMail.Server.Domains;

/// <summary>
/// The recipient of this message wants no more mail like it. Done when it returns; asked for twice it is done once.
/// </summary>
internal delegate Task Unsubscribe(MessageId message, CancellationToken cancel);

/// <summary>Counts the addresses that come with tokens we have not made.</summary>
internal sealed class WrongTokens(TimeProvider time)
{
    private readonly FailedKeys _failed = new(time);

    public TimeSpan Count(System.Net.IPAddress? from) => _failed.Count(from);
}
