namespace AkkaMail.Smtp.Receiving;

/// <summary>What a receiver has seen since its start, for metrics. Each only grows.</summary>
/// <param name="Accepted">Connections that got a banner.</param>
/// <param name="RefusedFull">Connections over <see cref="ReceiverOptions.ConnectionsMax"/>.</param>
/// <param name="RefusedClient">Connections over <see cref="ReceiverOptions.ConnectionsPerClientMax"/>.</param>
/// <param name="TimedOut">Sessions that took longer than they may.</param>
public readonly record struct ReceiverCounts(long Accepted, long RefusedFull, long RefusedClient, long TimedOut);
