namespace RetrainLoop.Inference.Execution;

/// <summary>One image that waits for a worker.</summary>
abstract class FrameWork
{
    /// <summary>Does the work on the calling worker thread. What goes wrong is part of the result: it never throws.</summary>
    public abstract void Execute(Workbench bench);

    /// <summary>The service stops before the work was begun.</summary>
    public abstract void Abandon();
}
