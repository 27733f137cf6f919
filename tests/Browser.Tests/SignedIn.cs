using Microsoft.Playwright;
using RetrainLoop.Tests.Browser.Fakes;

namespace RetrainLoop.Tests.Browser;

/// <summary>Tests of a person who is signed in, each in a session of its own; the tests of a class share a running Web.</summary>
public abstract class SignedIn(RunningWeb web) : IClassFixture<RunningWeb>, IAsyncLifetime
{
    protected RunningWeb Running => web;
    protected Session Session { get; private set; } = null!;
    protected FakeStack Stack => web.Stack;
    protected IPage Page => Session.Page;

    public virtual async ValueTask InitializeAsync() => Session = await web.SignInAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Session.DisposeAsync();
    }
}
