package slipway.dice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The end of the service, which SIGTERM brings about as closing it here does. */
class ShutdownTest {
  private static final CountDownLatch UNDER_WAY = new CountDownLatch(1);
  private static final CountDownLatch MAY_END = new CountDownLatch(1);

  /** A request that takes as long as the test wants. */
  @RestController
  static class Slow {
    @GetMapping("/slow")
    String slow() throws InterruptedException {
      UNDER_WAY.countDown();
      return MAY_END.await(20, TimeUnit.SECONDS) ? "done" : "given up";
    }
  }

  @Test
  @Timeout(120)
  void whatIsUnderWayIsAnsweredAndNothingNewIsTaken() throws Exception {
    var application = new SpringApplication(DiceApplication.class, Slow.class);
    var service = application.run("--server.port=0");
    int port = Integer.parseInt(service.getEnvironment().getProperty("local.server.port"));
    try (var http = HttpClient.newHttpClient()) {
      var answer =
          http.sendAsync(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow")).build(),
              BodyHandlers.ofString());
      assertThat(UNDER_WAY.await(10, TimeUnit.SECONDS)).isTrue();
      var closing = Thread.ofVirtual().start(service::close);

      while (takes(http, port)) Thread.onSpinWait();
      assertThat(answer).isNotDone();
      assertThat(closing.isAlive()).isTrue();

      MAY_END.countDown();
      assertThat(answer)
          .succeedsWithin(Duration.ofSeconds(10))
          .satisfies(
              response -> {
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("done");
              });
      closing.join();
    }
  }

  /** Whether a request is answered: a connection alone may only wait in the queue of the port. */
  private static boolean takes(HttpClient http, int port) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/healthcheck"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      http.send(request, BodyHandlers.discarding());
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
