namespace RetrainLoop.Contracts;

/// <summary>A program that sends one image and prints what was found. It reads the key from the environment variable <c>API_KEY</c>.</summary>
/// <param name="Language"><c>curl</c>, <c>python</c>, <c>javascript</c> or <c>csharp</c>.</param>
/// <param name="Title">For people, for example <c>Python (requests)</c>.</param>
public sealed record PredictSnippet(string Language, string Title, string Code);

/// <summary>Ready programs for one deployment.</summary>
/// <param name="Url">The deployment's prediction URL as this caller reached it.</param>
public sealed record PredictSnippets(string Deployment, string Url, IReadOnlyList<PredictSnippet> Snippets);
