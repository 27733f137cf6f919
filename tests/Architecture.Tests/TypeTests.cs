using ArchUnitNET.Domain;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace RetrainLoop.Tests.Architecture;

/// <summary>The rules of the house that types can break.</summary>
public sealed class TypeTests
{
    static readonly Assembly[] Assemblies =
        [.. new[] { "Contracts", "ServiceDefaults", "Inference", "Monitor", "Labeling", "Training", "Web", "Simulator" }.Select(Assembly.Load)];

    static readonly ArchUnitNET.Domain.Architecture House = new ArchUnitNET.Loader.ArchLoader().LoadAssemblies(Assemblies).Build();

    [Fact]
    public void Interfaces_Implementations_AreAtLeastTwo()
    {
        var types = Assemblies.SelectMany(assembly => assembly.GetTypes()).ToList();
        var lonely = types.Where(type => type.IsInterface)
            .Where(contract => types.Count(type => type is { IsClass: true, IsAbstract: false } && Implements(type, contract)) < 2);
        Assert.Empty(lonely.Select(type => type.FullName));
    }

    [Fact]
    public void Contracts_Dependencies_AreTheRuntimeOnly()
    {
        var foreign = typeof(Box).Assembly.GetReferencedAssemblies().Where(name => !name.Name!.StartsWith("System.", StringComparison.Ordinal));
        Assert.Empty(foreign.Select(name => name.Name));
    }

    [Fact]
    public void StateMachines_Dependencies_AreNeitherDatabaseNorNetwork()
    {
        var outside = Types().That().ResideInNamespaceMatching(@"^(Npgsql|Dapper|StackExchange|System\.Net|Microsoft\.AspNetCore)");
        var rule = Types().That().HaveNameEndingWith("StateMachine").Should().NotDependOnAny(outside);
        Assert.True(rule.HasNoViolations(House), string.Join('\n', rule.Evaluate(House).Where(result => !result.Passed).Select(result => result.Description)));
        Assert.NotEmpty(Types().That().HaveNameEndingWith("StateMachine").GetObjects(House));
    }

    static bool Implements(System.Type type, System.Type contract) => contract.IsGenericTypeDefinition
        ? type.GetInterfaces().Any(held => held.IsGenericType && held.GetGenericTypeDefinition() == contract)
        : contract.IsAssignableFrom(type);
}
