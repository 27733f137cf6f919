namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: configuration <c>Parameters:NAME</c>, or generated and kept when it is secret and not set.</summary>
public class ParameterResource(string name, Func<string> valueCallback, bool secret = false) : Resource(name)
{
    readonly Lazy<string> value = new(valueCallback);

    public bool Secret => secret;

    internal string Value => value.Value;
}
