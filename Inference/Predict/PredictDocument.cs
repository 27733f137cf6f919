using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace RetrainLoop.Inference.Predict;

/// <summary>What the OpenAPI document cannot read off the prediction's signature: its three kinds of body, and an example of the answer.</summary>
static class PredictDocument
{
    static readonly PredictResponse Example = new("0199f2c3a4b57c8d9e0f112233445566", new ModelRef("parts", 3), [
        new ImagePrediction(1280, 720, [new Detection(0, "person", 0.91f, 10.5f, 20, 100, 50)], new StageTimings(0.1, 2.0, 12.0, 0.2))]);

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "The image itself, the files of a form, or the address of an image where the service allows it.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new()
                {
                    Schema = Schema(JsonSchemaType.Object, ("file", new OpenApiSchema { Type = JsonSchemaType.Array, Items = Binary() })),
                },
                ["image/jpeg"] = new() { Schema = Binary() },
                ["image/png"] = new() { Schema = Binary() },
                ["application/json"] = new()
                {
                    Schema = Schema(JsonSchemaType.Object, ("url", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" })),
                    Example = new JsonObject { ["url"] = "https://example.com/frame.jpg" },
                },
            },
        };
        if (operation.Responses?["200"].Content is { } answers)
        {
            answers["application/json"].Example = JsonSerializer.SerializeToNode(Example, ContractJson.Options);
            answers["image/jpeg"] = new OpenApiMediaType { Schema = Binary() };
        }
        return Task.CompletedTask;
    }

    static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    static OpenApiSchema Schema(JsonSchemaType type, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = type,
        Properties = members.ToDictionary(member => member.Name, IOpenApiSchema (member) => member.Schema),
    };
}
