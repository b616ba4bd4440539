package slipway.local.github;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Sends events to the one hook of the repository: each once, as GitHub does. */
final class Webhook implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LARGEST = 25 * 1024 * 1024;
  static final int ID = 512345678;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<Consumer<Delivery>> listeners = new CopyOnWriteArrayList<>();
  private final List<Outage> outages = new CopyOnWriteArrayList<>();
  private final int repository;
  private volatile Target target;

  /** Where events go; its text form keeps the secret. */
  private record Target(URI url, String secret) {
    @Override
    public String toString() {
      return "webhook " + url;
    }
  }

  /**
   * @param repository its number
   */
  Webhook(int repository) {
    this.repository = repository;
  }

  void connect(URI url, String secret) {
    target = new Target(url, secret);
  }

  boolean connected() {
    return target != null;
  }

  void listen(Consumer<Delivery> listener) {
    listeners.add(listener);
  }

  List<Delivery> deliveries() {
    return List.copyOf(deliveries);
  }

  /** Sends an event in the background; without a hook, or if it is too large, nothing is sent. */
  void send(String event, String payload) {
    var hook = target;
    if (!outages.isEmpty()) {
      outages.forEach(outage -> outage.lose(payload));
      return;
    }
    if (hook == null || payload.getBytes(StandardCharsets.UTF_8).length > LARGEST) return;
    deliver(hook, UUID.randomUUID().toString(), event, payload, false);
  }

  Outage lose() {
    var outage = new Outage(outages::remove);
    outages.add(outage);
    return outage;
  }

  /** Sends a delivery again, with the same id. */
  CompletableFuture<Delivery> redeliver(String id) {
    var hook = target;
    if (hook == null) throw new IllegalStateException("no webhook is connected: connect one first");
    var first =
        deliveries.stream()
            .filter(delivery -> delivery.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there was no delivery " + id));
    return deliver(hook, id, first.event(), first.payload(), true);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }

  private CompletableFuture<Delivery> deliver(
      Target hook, String id, String event, String payload, boolean again) {
    return CompletableFuture.supplyAsync(
        () -> {
          var delivery = attempt(hook, id, event, payload, again);
          deliveries.add(delivery);
          listeners.forEach(listener -> listener.accept(delivery));
          return delivery;
        },
        threads);
  }

  private Delivery attempt(Target hook, String id, String event, String payload, boolean again) {
    var start = System.nanoTime();
    var status = OptionalInt.empty();
    String answer;
    try {
      var response =
          client.send(request(hook, id, event, payload), HttpResponse.BodyHandlers.ofString());
      status = OptionalInt.of(response.statusCode());
      answer = response.body();
    } catch (IOException e) {
      answer = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer = "GitHub was stopped";
    }
    var took = Duration.ofNanos(System.nanoTime() - start);
    return new Delivery(id, event, payload, status, answer, took, again);
  }

  private HttpRequest request(Target hook, String id, String event, String payload) {
    var body = payload.getBytes(StandardCharsets.UTF_8);
    return HttpRequest.newBuilder(hook.url())
        .timeout(TIMEOUT)
        .header("User-Agent", "GitHub-Hookshot/local")
        .header("Accept", "*/*")
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", event)
        .header("X-GitHub-Delivery", id)
        .header("X-GitHub-Hook-ID", String.valueOf(ID))
        .header("X-GitHub-Hook-Installation-Target-Type", "repository")
        .header("X-GitHub-Hook-Installation-Target-ID", String.valueOf(repository))
        .header("X-Hub-Signature", "sha1=" + hmac("HmacSHA1", hook.secret(), body))
        .header("X-Hub-Signature-256", "sha256=" + hmac("HmacSHA256", hook.secret(), body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private static String hmac(String algorithm, String secret, byte[] body) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign with " + algorithm, e);
    }
  }
}
