namespace AkkaMail.Server.Refusals;

/// <summary>Asked too early: the same request will be answered later.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
