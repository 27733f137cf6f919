using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Web.Pages;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class SlowLiveTests
{
    [Fact]
    public async Task Read_OvertakenAnswerFails_LeavesTheNewerQuestionItsTime()
    {
        var page = new Page { Wanted = "old" };
        var old = page.ReadNowAsync();
        page.Wanted = "new";
        var fresh = page.ReadNowAsync();
        page.Answers[1].SetResult();
        await fresh;
        page.FreshFor = TimeSpan.Zero; // what an overtaken answer would make of it
        page.Answers[0].SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => old);
        await page.ReadNowAsync();
        Assert.Equal(["old", "new"], page.Asked);
    }

    [Fact]
    public async Task Read_AnswerWithoutALongLife_IsAskedAgain()
    {
        var page = new Page { Wanted = "one", FreshFor = TimeSpan.FromSeconds(2) };
        for (var turn = 0; turn < 2; turn++)
        {
            var read = page.ReadNowAsync();
            page.Answers[^1].SetResult();
            await read;
            await page.ReadNowAsync(); // still good
            page.Clock.Advance(TimeSpan.FromSeconds(3));
        }
        Assert.Equal(["one", "one"], page.Asked);
    }

    sealed class Page : SlowLive
    {
        public Page() => Time = Clock;

        public FakeTimeProvider Clock { get; } = new();
        public string Wanted { get; set; } = "";
        public TimeSpan FreshFor { get; set; } = TimeSpan.FromDays(1);
        public List<string> Asked { get; } = [];
        public List<TaskCompletionSource> Answers { get; } = [];

        protected override object Question => Wanted;
        protected override TimeSpan Fresh => FreshFor;

        public Task ReadNowAsync() => ReadAsync();

        protected override Task AskAsync()
        {
            Asked.Add(Wanted);
            Answers.Add(new TaskCompletionSource());
            return Answers[^1].Task;
        }
    }
}
