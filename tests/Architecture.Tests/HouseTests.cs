using System.Xml.Linq;

namespace RetrainLoop.Tests.Architecture;

/// <summary>The rules of the house that files and project references can break.</summary>
public sealed class HouseTests
{
    static readonly string[] Services = ["Inference", "Monitor", "Labeling", "Training", "Web", "Simulator"];
    static readonly string[] BannedFolders = ["Services", "Helpers", "Managers", "Utils", "Utilities", "Common"];

    public static TheoryData<string> ServiceNames => [.. Services];

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Service_ProjectReferences_AreContractsAndServiceDefaultsOnly(string service)
    {
        var references = References(service);
        Assert.Subset(new HashSet<string> { "Contracts", "ServiceDefaults" }, references.ToHashSet());
    }

    [Fact]
    public void Contracts_References_AreNone()
    {
        Assert.Empty(References("Contracts"));
        Assert.DoesNotContain("PackageReference", File.ReadAllText(ProjectFile("Contracts")), StringComparison.Ordinal);
    }

    [Fact]
    public void LocalHost_ProjectReferences_AreNoService() => Assert.Empty(References("LocalHost").Intersect(Services));

    [Fact]
    public void Folders_Names_AreNounsOfTheLoop()
    {
        var found = SourceFiles().Select(Path.GetDirectoryName).Distinct()
            .Where(folder => folder!.Split(Path.DirectorySeparatorChar).Any(BannedFolders.Contains));
        Assert.Empty(found);
    }

    [Fact]
    public void SourceFiles_Length_IsAtMost300Lines() =>
        Assert.Empty(SourceFiles().Where(file => File.ReadLines(file).Count() > 300).Select(Relative));

    [Theory]
    [MemberData(nameof(ServiceNames))]
    public void Program_Length_IsATableOfContents(string service) =>
        Assert.InRange(File.ReadLines(Path.Combine(GoldenFolder.RepositoryRoot, service, "Program.cs")).Count(), 1, 45);

    static IEnumerable<string> References(string project) => XDocument.Load(ProjectFile(project)).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    static string ProjectFile(string project) => Path.Combine(GoldenFolder.RepositoryRoot, project, $"{project}.csproj");

    static IEnumerable<string> SourceFiles() => Directory.EnumerateFiles(GoldenFolder.RepositoryRoot, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    static string Relative(string file) => Path.GetRelativePath(GoldenFolder.RepositoryRoot, file);
}
