using System.Net;
using System.Net.Sockets;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>Which addresses lie outside: where a URL that a caller chose may lead. After the IANA special-purpose address registries.</summary>
public static class PublicAddress
{
    static readonly IPNetwork[] SpecialV4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3");

    // Of IPv6 only global unicast, less documentation, Teredo and 6to4, which wrap IPv4 addresses that nobody looked at.
    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork[] SpecialV6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /// <summary>False for loopback, private, link-local (cloud metadata), multicast, documentation and otherwise reserved addresses.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !SpecialV4.Any(network => network.Contains(address))
            : GlobalUnicast.Contains(address) && !SpecialV6.Any(network => network.Contains(address));
    }

    /// <summary>
    /// A connect callback for <see cref="System.Net.Http.SocketsHttpHandler"/> that resolves the host and connects to public addresses only. It is
    /// asked for every connection, so a redirect or a second DNS answer leads nowhere else.
    /// </summary>
    /// <param name="alsoAllowed">Networks that are allowed although they are not public.</param>
    /// <exception cref="PrivateAddressException">The host has no public address.</exception>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> ConnectOnly(IReadOnlyList<IPNetwork> alsoAllowed) =>
        async (context, cancellationToken) =>
        {
            var host = context.DnsEndPoint.Host;
            var allowed = (await Dns.GetHostAddressesAsync(host, cancellationToken)).Where(address => IsAllowed(address, alsoAllowed)).ToArray();
            if (allowed.Length == 0) throw new PrivateAddressException(host);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };

    static bool IsAllowed(IPAddress address, IReadOnlyList<IPNetwork> alsoAllowed)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return IsPublic(address) || alsoAllowed.Any(network => network.Contains(address));
    }

    static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}

/// <summary>A URL leads into a private network.</summary>
public sealed class PrivateAddressException(string host) : IOException($"{host} has no public address.");
