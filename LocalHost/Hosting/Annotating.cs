using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

static class Annotating
{
    public static IResourceBuilder<T> Annotate<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation) where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }

    public static IResourceBuilder<T> AnnotateVolume<T>(this IResourceBuilder<T> builder, string? name, bool isReadOnly) where T : IResource =>
        isReadOnly
            ? throw new NotSupportedException($"'{builder.Resource.Name}' writes to its folder; a read-only volume needs the Aspire packages.")
            : builder.Annotate(new DataVolumeAnnotation(name));
}
