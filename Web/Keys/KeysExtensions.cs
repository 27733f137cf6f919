namespace RetrainLoop.Web.Keys;

public static class KeysExtensions
{
    /// <summary>API keys: where they are kept, and their publication to every service.</summary>
    public static void AddKeys(this WebApplicationBuilder builder)
    {
    }

    /// <summary>Maps <c>/v1/keys</c>.</summary>
    public static void MapKeys(this WebApplication app)
    {
    }
}
