package slipway.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * The SDK's HTTP client on URLConnection, but for PATCH, which URLConnection refuses and which
 * Application Signals wants for an update. Those few requests go through java.net.http, whose
 * client is made on the first of them, so nobody else pays for it.
 */
final class PatchHttp implements SdkHttpClient {
  /** What java.net.http sets itself and lets nobody else set. */
  private static final Set<String> RESERVED = reserved();

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private final SdkHttpClient others;

  PatchHttp(SdkHttpClient others) {
    this.others = others;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return request.httpRequest().method() == SdkHttpMethod.PATCH
        ? new Patch(request)
        : others.prepareRequest(request);
  }

  @Override
  public String clientName() {
    return others.clientName();
  }

  @Override
  public void close() {
    others.close();
  }

  private static Set<String> reserved() {
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(Set.of("Connection", "Content-Length", "Expect", "Host", "Upgrade"));
    return names;
  }

  private static final class Lazy {
    private static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
  }

  private static final class Patch implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;
    private final CompletableFuture<Void> aborted = new CompletableFuture<>();

    Patch(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      var answer = Lazy.CLIENT.sendAsync(translated(), BodyHandlers.ofInputStream());
      var _ = aborted.thenRun(() -> answer.cancel(true));
      try {
        return translated(answer.get());
      } catch (InterruptedException e) {
        answer.cancel(true);
        Thread.currentThread().interrupt();
        throw (IOException)
            new InterruptedIOException("interrupted while waiting for " + uri()).initCause(e);
      } catch (ExecutionException e) {
        throw new IOException("PATCH " + uri() + " failed: " + e.getCause(), e.getCause());
      }
    }

    @Override
    public void abort() {
      aborted.complete(null);
    }

    private String uri() {
      return request.httpRequest().getUri().toString();
    }

    private HttpRequest translated() throws IOException {
      var builder = HttpRequest.newBuilder(request.httpRequest().getUri()).timeout(ANSWER);
      request
          .httpRequest()
          .forEachHeader(
              (name, values) -> {
                if (!RESERVED.contains(name)) values.forEach(value -> builder.header(name, value));
              });
      return builder.method("PATCH", BodyPublishers.ofByteArray(body())).build();
    }

    private byte[] body() throws IOException {
      var provider = request.contentStreamProvider();
      if (provider.isEmpty()) return new byte[0];
      try (var stream = provider.get().newStream()) {
        return stream.readAllBytes();
      }
    }

    private static HttpExecuteResponse translated(HttpResponse<InputStream> answer) {
      var response = SdkHttpResponse.builder().statusCode(answer.statusCode());
      answer.headers().map().forEach(response::putHeader);
      return HttpExecuteResponse.builder()
          .response(response.build())
          .responseBody(AbortableInputStream.create(answer.body()))
          .build();
    }
  }
}
