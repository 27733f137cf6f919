using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// A batch of an ONNX Runtime session. Input and outputs lie in memory that is used again and again and bound to the session once per size: pinned
/// memory on CUDA, so that copies to and from the device are direct. When a run fails, its images run alone, so that one cannot fail the others.
/// </summary>
sealed unsafe class SessionBatch : Batch
{
    readonly InferenceSession session;
    readonly DetectorInput input;
    readonly string[] outputNames;
    readonly int most;
    readonly OrtAllocator allocator;
    readonly OrtValue images;
    readonly OrtValue?[] outputs;
    readonly Dictionary<int, BoundSize> bound = [];
    readonly RunOptions options = new();
    readonly IDisposableReadOnlyCollection<OrtValue>?[] alone;
    readonly Exception?[] failures;
    IDisposableReadOnlyCollection<OrtValue>? loose;
    int ranAt;

    /// <param name="most">Images of the largest run.</param>
    public SessionBatch(InferenceSession session, DetectorInput input, string[] outputNames, int most, OrtMemoryInfo memory)
    {
        (this.session, this.input, this.outputNames, this.most) = (session, input, outputNames, most);
        allocator = new OrtAllocator(session, memory);
        images = OrtValue.CreateAllocatedTensorValue(allocator, input.Type, input.ShapeOf(most));
        outputs = new OrtValue?[outputNames.Length];
        alone = new IDisposableReadOnlyCollection<OrtValue>?[most];
        failures = new Exception?[most];
        NativeMemory.Clear(AddressOf(0), (nuint)(input.Bytes * most)); // places that nobody fills hold finite numbers
    }

    /// <summary>Where the image of a place is written.</summary>
    public void* AddressOf(int place) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(images.GetTensorMutableRawData())) + place * input.Bytes;

    /// <summary>Runs a size for the first time, and binds it to memory of the shapes with which it answered.</summary>
    /// <exception cref="OnnxRuntimeException">The model does not run at this size.</exception>
    /// <exception cref="NotSupportedException">Its first dimension does not count images.</exception>
    public void WarmUp(int size)
    {
        using var found = RunLoose(0, size);
        var shapes = found.Select(output => output.GetTensorTypeAndShape()).ToList();
        if (shapes.FindIndex(output => output.Shape is [] || output.Shape[0] != size) is >= 0 and var wrong)
            throw new NotSupportedException($"{size} images gave an output {Shapes.Describe(shapes[wrong].Shape)}.");
        var memory = new List<OrtValue> { Images(0, size) };
        var binding = session.CreateIoBinding();
        binding.BindInput(input.Name, memory[0]);
        for (var i = 0; i < shapes.Count; i++)
        {
            var (type, shape) = (shapes[i].ElementDataType, shapes[i].Shape);
            var all = outputs[i] ??= OrtValue.CreateAllocatedTensorValue(allocator, type, [most, .. shape[1..]]);
            var bytes = all.GetTensorMutableRawData();
            memory.Add(OrtValue.CreateTensorValueWithData(allocator.Info, type, shape,
                (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), (long)bytes.Length / most * size));
            binding.BindOutput(outputNames[i], memory[^1]);
        }
        bound[size] = new BoundSize(binding, memory);
        session.RunWithBinding(options, binding);
    }

    public override void Run(int size)
    {
        ranAt = size;
        try
        {
            if (bound.TryGetValue(size, out var memory)) session.RunWithBinding(options, memory.Binding);
            else loose = RunLoose(0, size);
        }
        catch (OnnxRuntimeException exception)
        {
            RunAgain(size, exception);
        }
    }

    public override void Interrupt() => options.Terminate = true;

    /// <summary>An output's values of one image.</summary>
    /// <exception cref="OnnxRuntimeException">The model failed on this image.</exception>
    public OutputView Output(int output, int place)
    {
        if (failures[place] is { } failure) throw failure;
        if (alone[place] is { } own) return OutputView.Of(own[output]);
        var value = loose is null ? outputs[output]! : loose[output];
        var bytes = value.GetTensorMutableRawData();
        var length = bytes.Length / (loose is null ? most : ranAt);
        return new OutputView(bytes.Slice(place * length, length), value.GetTensorTypeAndShape().ElementDataType);
    }

    public override void Reset()
    {
        Clear();
        options.Terminate = false;
        base.Reset();
    }

    public override void Dispose()
    {
        Clear();
        foreach (var memory in bound.Values) memory.Dispose();
        foreach (var output in outputs) output?.Dispose();
        images.Dispose();
        allocator.Dispose();
        options.Dispose();
        base.Dispose();
    }

    // Outputs whose shape changes with the picture do not fit the bound memory; then the same run works without it, and from now on.
    void RunAgain(int size, OnnxRuntimeException first)
    {
        try
        {
            if (!options.Terminate && bound.ContainsKey(size))
            {
                loose = RunLoose(0, size);
                bound.Remove(size, out var useless);
                useless!.Dispose();
                return;
            }
        }
        catch (OnnxRuntimeException)
        {
            // It is the model that fails: find out on which images.
        }
        for (var place = 0; place < Taken; place++) RunAlone(place, first);
    }

    void RunAlone(int place, Exception first)
    {
        try
        {
            if (input.FixedBatch > 1 || options.Terminate) failures[place] = first;
            else alone[place] = RunLoose(place, 1);
        }
        catch (OnnxRuntimeException exception)
        {
            failures[place] = exception;
        }
    }

    IDisposableReadOnlyCollection<OrtValue> RunLoose(int place, int size)
    {
        using var value = Images(place, size);
        return session.Run(options, [input.Name], [value], outputNames);
    }

    OrtValue Images(int place, int size) =>
        OrtValue.CreateTensorValueWithData(allocator.Info, input.Type, input.ShapeOf(size), (nint)AddressOf(place), input.Bytes * size);

    void Clear()
    {
        loose?.Dispose();
        loose = null;
        foreach (var own in alone) own?.Dispose();
        Array.Clear(alone);
        Array.Clear(failures);
    }

    sealed record BoundSize(OrtIoBinding Binding, List<OrtValue> Memory) : IDisposable
    {
        public void Dispose()
        {
            Binding.Dispose();
            foreach (var value in Memory) value.Dispose();
        }
    }
}
