package slipway.local.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner.Made;
import slipway.local.stack.Resource;

/** A load balancer with several listeners, one of them with real TLS. */
class BalancersTest {
  private static final String TYPE = "AWS::ElasticLoadBalancingV2::";

  private final Balancers balancers = new Balancers(new Pace(20));
  private HttpServer app;
  private Made balancer;
  private URI http;

  @BeforeEach
  void open() throws Exception {
    app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    app.createContext(
        "/",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          var text =
              headers.getFirst("X-Forwarded-Proto") + " " + headers.getFirst("X-Forwarded-Port");
          exchange.sendResponseHeaders(200, text.length());
          exchange.getResponseBody().write(text.getBytes());
          exchange.close();
        });
    app.start();
    balancer = make("LoadBalancer", Map.of());
    http = URI.create("http://" + balancer.attributes().get("DNSName"));
  }

  @AfterEach
  void close() {
    balancers.close();
    app.stop(0);
  }

  @Test
  void httpsIsServedWithTls13AndTheTargetIsToldSo() throws Exception {
    https("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");

    try (var client = client("TLSv1.3", "TLSv1.2")) {
      var answer = get(client, address());
      assertThat(answer.body()).isEqualTo("https 443");
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
    try (var client = client("TLSv1.2")) {
      assertThat(get(client, address()).body()).isEqualTo("https 443");
    }
  }

  @Test
  void thePolicySaysWhichVersionsAreTaken() throws Exception {
    https("ELBSecurityPolicy-TLS13-1-3-2021-06");

    try (var client = client("TLSv1.2")) {
      assertThatThrownBy(() -> get(client, address())).isInstanceOf(SSLHandshakeException.class);
    }
    assertThatThrownBy(
            () ->
                make(
                    "Listener",
                    Map.of(
                        "LoadBalancerArn",
                        balancer.ref(),
                        "Port",
                        8443,
                        "Protocol",
                        "HTTPS",
                        "Certificates",
                        List.of(Map.of("CertificateArn", "arn")))))
        .hasMessageContaining("local plays no ELBSecurityPolicy-2016-08");
  }

  @Test
  void plainHttpIsSentToHttpsWithPathAndQuery() throws Exception {
    https("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    make(
        "Listener",
        Map.of(
            "LoadBalancerArn",
            balancer.ref(),
            "Port",
            80,
            "Protocol",
            "HTTP",
            "DefaultActions",
            List.of(
                Map.of(
                    "Type",
                    "redirect",
                    "RedirectConfig",
                    Map.of("Protocol", "HTTPS", "Port", "443", "StatusCode", "HTTP_301")))));

    try (var client = client("TLSv1.3")) {
      var answer = get(client, http.resolve("/rolldice?rolls=%31"));
      assertThat(answer.statusCode()).isEqualTo(301);
      assertThat(answer.headers().firstValue("Location"))
          .contains(address() + "/rolldice?rolls=%31");
      assertThat(get(client, URI.create(answer.headers().firstValue("Location").get())).body())
          .isEqualTo("https 443");
    }
  }

  @Test
  void aRedirectKeepsWhatItDoesNotSay() {
    var request =
        Map.of(
            "protocol", "http", "host", "a.example", "port", "80", "path", "x/y", "query", "q=1");

    assertThat(Redirect.of(Json.of(Map.of("StatusCode", "HTTP_302"))).location(request))
        .isEqualTo("http://a.example:80/x/y?q=1");
    assertThat(
            Redirect.of(
                    Json.of(
                        Map.of(
                            "StatusCode", "HTTP_302",
                            "Host", "www.#{host}",
                            "Path", "/new/#{path}",
                            "Query", "")))
                .location(request))
        .isEqualTo("http://www.a.example:80/new/x/y");
  }

  /** As a test listener of a blue/green deployment is. */
  @Test
  void aFurtherListenerHasAPortOfItsOwnAndMayMove() throws Exception {
    var properties =
        Map.<String, Object>of(
            "LoadBalancerArn",
            balancer.ref(),
            "Port",
            8080,
            "Protocol",
            "HTTP",
            "DefaultActions",
            List.of(Map.of("Type", "forward", "TargetGroupArn", targets())));
    var made = make("Listener", properties);

    try (var client = client("TLSv1.3")) {
      assertThat(get(client, http).statusCode()).as("nobody listens on 80").isEqualTo(503);
      var first = balancers.address(balancer.ref(), 8080).orElseThrow();
      assertThat(get(client, first).body()).isEqualTo("http 8080");
      var moved = new java.util.HashMap<>(properties);
      moved.put("Port", 80);
      balancers.update(
          new Change(resource("Listener", properties), made, resource("Listener", moved)));
      assertThat(balancers.address(balancer.ref(), 8080)).isEmpty();
      assertThat(get(client, http).body()).isEqualTo("http 80");
    }
  }

  private void https(String policy) throws InterruptedException {
    make(
        "Listener",
        Map.of(
            "LoadBalancerArn",
            balancer.ref(),
            "Port",
            443,
            "Protocol",
            "HTTPS",
            "SslPolicy",
            policy,
            "Certificates",
            List.of(
                Map.of("CertificateArn", "arn:aws:acm:ap-northeast-1:123456789012:certificate/1")),
            "DefaultActions",
            List.of(Map.of("Type", "forward", "TargetGroupArn", targets()))));
  }

  private URI address() {
    return balancers.address(balancer.ref(), 443).orElseThrow();
  }

  /** A target group with the app in it, healthy. */
  private String targets() throws InterruptedException {
    var group =
        make("TargetGroup", Map.of("HealthCheckIntervalSeconds", 5, "HealthyThresholdCount", 2))
            .ref();
    var healthy = new CountDownLatch(1);
    balancers.register(group, app.getAddress().getPort(), healthy::countDown);
    assertThat(healthy.await(10, TimeUnit.SECONDS)).isTrue();
    return group;
  }

  private Made make(String type, Map<String, Object> properties) {
    return balancers.make(resource(type, properties));
  }

  private static Resource resource(String type, Map<String, Object> properties) {
    return new Resource(
        type + properties.getOrDefault("Port", ""), TYPE + type, Json.of(properties));
  }

  private HttpClient client(String... protocols) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("local", balancers.certificate());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .sslParameters(new SSLParameters(null, protocols))
        .build();
  }

  private static HttpResponse<String> get(HttpClient client, URI uri)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
