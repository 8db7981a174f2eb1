import java.io.*;
import java.net.*;
import java.nio.channels.*;
import javax.net.SocketFactory;

/** The test's server listens on a socket in the file system only, where JDBC does not look by itself. */
public class UnixSocket extends SocketFactory {
  private final String path;

  public UnixSocket(String path) { this.path = path; }

  @Override public Socket createSocket() {
    return new Socket() {
      private SocketChannel channel;
      @Override public void connect(SocketAddress unused, int timeout) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      }
      @Override public boolean isConnected() { return channel != null; }
      @Override public InputStream getInputStream() { return Channels.newInputStream(channel); }
      @Override public OutputStream getOutputStream() { return Channels.newOutputStream(channel); }
      @Override public void close() throws IOException { if (channel != null) channel.close(); }
    };
  }

  @Override public Socket createSocket(String host, int port) { throw new UnsupportedOperationException(); }
  @Override public Socket createSocket(InetAddress host, int port) { throw new UnsupportedOperationException(); }
  @Override public Socket createSocket(String host, int port, InetAddress from, int at) { throw new UnsupportedOperationException(); }
  @Override public Socket createSocket(InetAddress host, int port, InetAddress from, int at) { throw new UnsupportedOperationException(); }
}
