using System.Collections.Concurrent;
using System.Numerics;
using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>
/// Turns a clean picture into a camera's: blur of motion and focus, the lamp's uneven light, and noise. Works on 4-byte pixels in place,
/// in integers, so that every machine gets the same result.
/// </summary>
public sealed class Sensor
{
    const int Width = LineCamera.FrameWidth, Height = LineCamera.FrameHeight, Bytes = 4 * Width * Height, MostKept = 24;
    static readonly ConcurrentDictionary<(int Camera, double Strength), Sensor> Kept = new();
    static readonly sbyte[] Noise = MakeNoise();
    readonly byte[] gain;
    readonly short noiseStrength;

    Sensor(LineCamera camera, double light)
    {
        gain = MakeGain(camera, (float)light);
        noiseStrength = (short)MathF.Round(4 * (1.8f + 6f * (float)light));
    }

    /// <summary>The sensor of a camera at a strength of light drift; thread safe.</summary>
    public static Sensor Of(LineCamera camera, Drift drift)
    {
        if (Kept.Count > MostKept) Kept.Clear();
        return Kept.GetOrAdd((camera.Index, drift.Light), _ => new Sensor(camera, drift.Light));
    }

    /// <param name="pixels">BGRA, rows from the top.</param>
    /// <param name="motion">Blur along the rows; each step widens it by about a pixel.</param>
    /// <param name="defocus">Blur in both directions.</param>
    public void Expose(Span<byte> pixels, int motion, int defocus, ref RandomStream random)
    {
        for (var i = 0; i < motion + defocus; i++) Blur.Average(pixels, 4);
        for (var i = 0; i < defocus; i++) Blur.Average(pixels, 4 * Width);
        var offset = 4 * random.NextInt((Noise.Length - Bytes) / 4);
        Light(pixels, Noise.AsSpan(offset, Bytes));
    }

    void Light(Span<byte> pixels, ReadOnlySpan<sbyte> noise)
    {
        var step = Vector<byte>.Count;
        var strength = new Vector<short>(noiseStrength);
        var (black, white) = (Vector<short>.Zero, new Vector<short>(255));
        for (var i = 0; i + step <= pixels.Length; i += step)
        {
            Vector.Widen(new Vector<byte>(pixels[i..]), out var low, out var high);
            Vector.Widen(new Vector<byte>(gain, i), out var lowGain, out var highGain);
            Vector.Widen(new Vector<sbyte>(noise[i..]), out var lowNoise, out var highNoise);
            var first = Vector.AsVectorInt16((low * lowGain) >>> 8) + ((lowNoise * strength) >> 7);
            var second = Vector.AsVectorInt16((high * highGain) >>> 8) + ((highNoise * strength) >> 7);
            first = Vector.Min(Vector.Max(first, black), white);
            second = Vector.Min(Vector.Max(second, black), white);
            Vector.Narrow(Vector.AsVectorUInt16(first), Vector.AsVectorUInt16(second)).CopyTo(pixels[i..]);
        }
    }

    /// <summary>How much of the light each channel keeps, 255 = all: lamp direction, lens vignette, and what drift does to the lamp.</summary>
    static byte[] MakeGain(LineCamera camera, float drift)
    {
        var map = new byte[Bytes];
        var (sin, cos) = MathF.SinCos(camera.LightAngle * MathF.PI / 180);
        var level = 0.97f - 0.52f * drift;
        var warmth = camera.Warmth + 0.22f * drift;
        var slope = 0.07f + 0.3f * drift;
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var (u, v) = (2f * x / Width - 1, 2f * y / Height - 1);
                var light = level * (1 - slope / 2 + slope / 2 * (u * cos + v * sin)) * (1 - 0.09f * (u * u + v * v));
                var at = 4 * (y * Width + x);
                map[at] = Gain(light * (1 - MathF.Max(0, warmth)));
                map[at + 1] = Gain(light * (1 - MathF.Abs(warmth) * 0.25f));
                map[at + 2] = Gain(light * (1 - MathF.Max(0, -warmth)));
                map[at + 3] = 255;
            }
        return map;
    }

    static byte Gain(float share) => (byte)Math.Clamp(share * 255, 0, 255);

    /// <summary>Standard deviation 32, more alike between the channels than not; larger than a frame, so that each frame takes another piece.</summary>
    static sbyte[] MakeNoise()
    {
        var noise = new sbyte[2 * Bytes];
        var random = RandomStream.Of(13);
        for (var i = 0; i < noise.Length; i += 4)
        {
            var shared = random.NextNormal() * 26;
            for (var channel = 0; channel < 3; channel++)
                noise[i + channel] = (sbyte)Math.Clamp(shared + (random.NextFloat() + random.NextFloat() - 1) * 45, -127, 127);
        }
        return noise;
    }
}
