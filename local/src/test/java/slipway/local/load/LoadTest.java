package slipway.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import slipway.local.cloud.Loopback;

/** What its users see is compared with what a real server did. */
class LoadTest {
  private static final int ENOUGH = 200;
  private final ConcurrentLinkedQueue<Served> served = new ConcurrentLinkedQueue<>();
  private final CountDownLatch enough = new CountDownLatch(ENOUGH);

  private record Served(String path, String trace, double millis) {}

  /** Answers what the path says. */
  private void serve(HttpExchange exchange) throws IOException {
    var began = System.nanoTime();
    var path = exchange.getRequestURI().getPath();
    var status = path.matches("/\\d{3}") ? Integer.parseInt(path.substring(1)) : 200;
    Loopback.answer(exchange, status, Map.of(), path.getBytes());
    served.add(
        new Served(
            path,
            exchange.getRequestHeaders().getFirst("X-Amzn-Trace-Id"),
            (System.nanoTime() - began) / 1e6));
    enough.countDown();
  }

  private LoadReport run(LoadPlan plan, URI root) throws InterruptedException {
    try (var load = Load.start(root, plan)) {
      assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
      return load.stop();
    }
  }

  @Test
  void everyRequestIsCountedAsItWasAnswered() throws Exception {
    try (var server = Loopback.serve("test", this::serve)) {
      var seen = run(LoadPlan.steady(200, "/200").and("/400", 10).and("/500", 5), server.uri());

      assertThat(seen.sent()).isEqualTo(served.size());
      assertThat(seen.answers().keySet()).isEqualTo(Set.of(200, 400, 500));
      for (var status : List.of(200, 400, 500))
        assertThat(seen.answered(status))
            .as("%d", status)
            .isEqualTo(served.stream().filter(one -> one.path().equals("/" + status)).count());
      assertThat(seen.failed()).isEqualTo(seen.answered(400) + seen.answered(500));
      assertThat(seen.failures()).hasSize(20).allMatch(line -> line.matches("/[45]00: [45]00 .*"));
      assertThat(seen.unanswered() + seen.heldBack() + seen.faults() + seen.late()).isZero();
      assertThat(seen.latencies().millis("SampleCount")).isEqualTo(seen.sent());
      assertThat(seen.latencies().millis("Average"))
          .isGreaterThan(served.stream().mapToDouble(Served::millis).average().orElseThrow());
      assertThat(seen.toString())
          .startsWith(seen.sent() + " requests in ")
          .contains("200 ×" + seen.answered(200) + ", 400 ×")
          .contains("p99 ");
    }
  }

  @Test
  void aTraceTellsWhichRequestBeganIt() throws Exception {
    try (var server = Loopback.serve("test", this::serve);
        var load = Load.start(server.uri(), LoadPlan.steady(200, "/"));
        var others = Load.start(server.uri(), LoadPlan.steady(1, "/others"))) {
      assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
      var sent = load.stop().sent();
      others.stop();

      var numbers = new TreeSet<Long>();
      for (var one : served) {
        assertThat(one.trace())
            .matches("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1");
        var id = one.trace().substring(7, 15) + one.trace().substring(16, 40);
        load.request(id).ifPresent(numbers::add);
        assertThat(load.request(id).isPresent()).isEqualTo(one.path().equals("/"));
        assertThat(others.request(id).isPresent()).isEqualTo(one.path().equals("/others"));
      }
      assertThat(numbers).hasSize((int) sent);
      assertThat(numbers.first()).isZero();
      assertThat(numbers.last()).isEqualTo(sent - 1);
    }
  }

  @Test
  void whatIsInjectedIsSeenByUsersAndNotByTheService() throws Exception {
    var plan =
        new LoadPlan(
            new Shape.Steady(200),
            List.of("/200"),
            List.of(),
            new Injection(new Share(0.1), Duration.ofMillis(300), new Share(0.2)));
    try (var server = Loopback.serve("test", this::serve)) {
      var seen = run(plan, server.uri());

      assertThat(seen.faults()).isPositive();
      assertThat(seen.answers()).isEqualTo(Map.of(200, (long) served.size(), 503, seen.faults()));
      assertThat(seen.sent()).isEqualTo(served.size() + seen.faults());
      assertThat((double) seen.faults() / seen.sent()).isBetween(0.09, 0.11);
      assertThat((double) seen.late() / served.size()).isBetween(0.19, 0.21);
      assertThat(seen.latencies().millis("TC(298:)")).isGreaterThanOrEqualTo(seen.late());
      assertThat(served.stream().mapToDouble(Served::millis).max().orElseThrow()).isLessThan(300);
    }
  }

  @Test
  void whatNobodyAnswersIsCountedToo() throws Exception {
    int closed;
    try (var port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = port.getLocalPort();
    }
    try (var load =
        Load.start(URI.create("http://127.0.0.1:" + closed), LoadPlan.steady(100, "/"))) {
      while (load.report().unanswered() < 3) Thread.onSpinWait();
      var seen = load.stop();

      assertThat(seen.unanswered()).isEqualTo(seen.sent());
      assertThat(seen.failed()).isEqualTo(seen.sent());
      assertThat(seen.failures().getLast()).contains("ConnectException");
      assertThat(seen.toString()).contains(seen.sent() + " without an answer");
    }
  }

  @Test
  void aLoadThatNobodyAnswersInTimeIsHeldBack() throws Exception {
    var release = new CountDownLatch(1);
    try (var server =
            Loopback.serve(
                "test",
                exchange -> {
                  try {
                    release.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  serve(exchange);
                });
        var load = Load.start(server.uri(), LoadPlan.steady(1000, "/"))) {
      while (load.report().heldBack() == 0) Thread.onSpinWait();
      assertThat(load.report().sent()).isEqualTo(256);
      release.countDown();
      var seen = load.stop();
      assertThat(seen.succeeded()).isEqualTo(seen.sent());
    }
  }
}
