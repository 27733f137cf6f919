using System.Net;
using System.Net.Sockets;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>A port that the stack listens on and for whom.</summary>
public sealed record PortClaim(string Resource, IPAddress Address, int Port);

public static class Ports
{
    /// <summary>Replicas listen from here on, counted from the lowest port of the stack.</summary>
    public const int ReplicaOffset = 20;

    /// <summary>The highest base that leaves room for everything that counts from it.</summary>
    public const int LastBase = 65_400;

    /// <summary>
    /// Ports for replicas, one range for the whole stack: from 20 above its lowest port, skipping those that are claimed. They lie outside the range
    /// from which the system takes ports for outgoing connections, so that a replica finds its port free again after a crash.
    /// </summary>
    public static IReadOnlyList<int> ForReplicas(IReadOnlyCollection<int> claimed, int count) =>
        [.. Enumerable.Range(claimed.Min() + ReplicaOffset, count + claimed.Count).Where(port => !claimed.Contains(port)).Take(count)];

    /// <summary>A sentence for ports that two resources want or that another program holds; null when all are free.</summary>
    public static string? Problem(IReadOnlyCollection<PortClaim> claims)
    {
        if (claims.GroupBy(claim => claim.Port).FirstOrDefault(same => same.Select(claim => claim.Resource).Distinct().Count() > 1) is { } twice)
        {
            return $"{string.Join(" and ", twice.Select(claim => claim.Resource).Distinct())} both want port {twice.Key}. Give them different ports.";
        }

        var taken = claims.Where(claim => !IsFree(claim.Address, claim.Port)).DistinctBy(claim => claim.Port).OrderBy(claim => claim.Port).ToList();
        return taken.Count == 0
            ? null
            : $"{(taken.Count == 1 ? "Port" : "Ports")} {string.Join(", ", taken.Select(claim => $"{claim.Port} (for {claim.Resource})"))} "
              + $"{(taken.Count == 1 ? "is" : "are")} taken by another program. Stop that program, or move the whole stack with --base-port N.";
    }

    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
