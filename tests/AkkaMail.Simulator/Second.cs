namespace AkkaMail.Simulator;

/// <summary>What happened in one second of a run.</summary>
public record struct Second(int Begun, int Accepted, int Limited, int Other)
{
    public readonly Second Plus(Second b) =>
        new(Begun + b.Begun, Accepted + b.Accepted, Limited + b.Limited, Other + b.Other);

    public static Second Of(Answer answer) => answer switch
    {
        { Reply.IsAccepted: true } => new(1, 1, 0, 0),
        { IsLimit: true } => new(1, 0, 1, 0),
        _ => new(1, 0, 0, 1),
    };
}
