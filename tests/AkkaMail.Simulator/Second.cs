namespace AkkaMail.Simulator;

/// <summary>What happened in one second of a run.</summary>
public record struct Second(int Begun, int Accepted, int Limited, int Other)
{
    public readonly Second Plus(Second b) =>
        new(Begun + b.Begun, Accepted + b.Accepted, Limited + b.Limited, Other + b.Other);
}
