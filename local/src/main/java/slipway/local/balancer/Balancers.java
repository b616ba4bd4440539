package slipway.local.balancer;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.ecs.Targets;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** Elastic Load Balancing v2: one loopback port per load balancer. */
public final class Balancers implements AwsService, Provisioner, Targets, AutoCloseable {
  private static final String ARN = Place.arn("elasticloadbalancing", "");

  static {
    // Without it each answer waits for the client's delayed ACK: 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Pace pace;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .executor(threads)
          .build();
  private final Map<String, TargetGroup> groups = new ConcurrentHashMap<>();
  private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

  /** A load balancer's port; requests go by its first listener. */
  private record Balancer(HttpServer server, List<Listener> listeners) {}

  /**
   * @param pace of health check intervals and deregistration delays
   */
  public Balancers(Pace pace) {
    this.pace = pace;
  }

  @Override
  public Set<String> types() {
    return Set.of(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule");
  }

  @Override
  public Made make(Resource resource) {
    return switch (resource.type()) {
      case "AWS::ElasticLoadBalancingV2::LoadBalancer" -> balancer(resource);
      case "AWS::ElasticLoadBalancingV2::TargetGroup" -> targetGroup(resource);
      case "AWS::ElasticLoadBalancingV2::Listener" -> listener(resource);
      case "AWS::ElasticLoadBalancingV2::ListenerRule" -> rule(resource);
      default -> throw new IllegalArgumentException("ELB makes no " + resource.type());
    };
  }

  private Made balancer(Resource resource) {
    var full = "app/" + named(resource) + "/" + id(resource);
    var arn = ARN + "loadbalancer/" + full;
    var own = new CopyOnWriteArrayList<Listener>();
    try {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpServer.create(loopback, 1024);
      server.setExecutor(threads);
      server.createContext("/", new Proxy(client, () -> own.stream().findFirst(), groups));
      server.start();
      balancers.put(arn, new Balancer(server, own));
      return new Made(
          arn,
          Map.of(
              "LoadBalancerArn",
              arn,
              "DNSName",
              "127.0.0.1:" + server.getAddress().getPort(),
              "LoadBalancerFullName",
              full,
              "LoadBalancerName",
              named(resource),
              "CanonicalHostedZoneID",
              "Z14GRHDCWA56QT"));
    } catch (IOException e) {
      throw new UncheckedIOException("load balancer " + full + ": cannot open a port", e);
    }
  }

  private Made targetGroup(Resource resource) {
    var full = "targetgroup/" + named(resource) + "/" + id(resource);
    var arn = ARN + full;
    groups.put(arn, new TargetGroup(named(resource), arn, resource.properties(), pace, client));
    return new Made(
        arn,
        Map.of(
            "TargetGroupArn", arn,
            "TargetGroupFullName", full,
            "TargetGroupName", named(resource)));
  }

  private Made listener(Resource resource) {
    var balancer = resource.properties().at("LoadBalancerArn").text();
    var arn = balancer.replace(":loadbalancer/", ":listener/") + "/" + id(resource);
    var listener = new Listener(resource.properties());
    listeners.put(arn, listener);
    balancers.get(balancer).listeners().add(listener);
    return new Made(arn, Map.of("ListenerArn", arn));
  }

  private Made rule(Resource resource) {
    var listener = resource.properties().at("ListenerArn").text();
    var arn = listener.replace(":listener/", ":listener-rule/") + "/" + id(resource);
    listeners.get(listener).put(arn, Listener.Rule.of(resource.properties()));
    return new Made(arn, Map.of("RuleArn", arn));
  }

  @Override
  public Made update(Change change) {
    var arn = change.made().ref();
    switch (change.before().type()) {
      case "AWS::ElasticLoadBalancingV2::TargetGroup" ->
          groups.get(arn).become(change.properties());
      case "AWS::ElasticLoadBalancingV2::Listener" ->
          listeners.get(arn).become(change.properties());
      case "AWS::ElasticLoadBalancingV2::ListenerRule" ->
          listeners
              .get(change.properties().at("ListenerArn").text())
              .put(arn, Listener.Rule.of(change.properties()));
      // Attributes, subnets and groups of a load balancer show nowhere here.
      default -> {}
    }
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    var arn = made.ref();
    var properties = resource.properties();
    switch (resource.type()) {
      case "AWS::ElasticLoadBalancingV2::LoadBalancer" -> balancers.remove(arn).server().stop(0);
      case "AWS::ElasticLoadBalancingV2::TargetGroup" -> {
        if (listeners.values().stream().anyMatch(listener -> listener.forwardsTo(arn)))
          throw new IllegalStateException(
              "Target group '%s' is currently in use by a listener or a rule".formatted(arn));
        groups.remove(arn).close();
      }
      case "AWS::ElasticLoadBalancingV2::Listener" ->
          balancers
              .get(properties.at("LoadBalancerArn").text())
              .listeners()
              .remove(listeners.remove(arn));
      case "AWS::ElasticLoadBalancingV2::ListenerRule" ->
          listeners.get(properties.at("ListenerArn").text()).remove(arn);
      default -> throw new IllegalArgumentException("ELB makes no " + resource.type());
    }
  }

  @Override
  public List<String> existing() {
    return Stream.of(balancers, groups, listeners).flatMap(all -> all.keySet().stream()).toList();
  }

  private static String named(Resource resource) {
    var id = resource.id();
    return resource
        .properties()
        .at("Name")
        .optionalText()
        .orElse(id.length() > 32 ? id.substring(0, 32) : id);
  }

  private static String id(Resource resource) {
    return HexFormat.of().toHexDigits((long) resource.id().hashCode());
  }

  @Override
  public void register(String targetGroupArn, int port, Runnable onChange) {
    group(targetGroupArn).register(port, onChange);
  }

  @Override
  public CompletableFuture<Void> deregister(String targetGroupArn, int port) {
    return group(targetGroupArn).deregister(port);
  }

  @Override
  public Health health(String targetGroupArn, int port) {
    return group(targetGroupArn).find(port).map(Target::health).orElse(Health.INITIAL);
  }

  @Override
  public String failure(String targetGroupArn, int port) {
    return group(targetGroupArn).find(port).map(Target::failure).orElse(Target.FAILED);
  }

  @Override
  public Map<String, Integer> weights(String ruleArn) {
    return listeners.values().stream()
        .flatMap(listener -> listener.forward(ruleArn).stream())
        .findFirst()
        .map(Forward::weights)
        .orElseThrow(() -> new AwsError(400, "RuleNotFound", "One or more rules not found"));
  }

  @Override
  public void shift(String ruleArn, Map<String, Integer> weights) {
    listeners.values().forEach(listener -> listener.forward(ruleArn, new Forward(weights)));
  }

  private TargetGroup group(String arn) {
    return Optional.ofNullable(groups.get(arn))
        .orElseThrow(
            () ->
                new AwsError(
                    400, "TargetGroupNotFound", "One or more target groups not found: " + arn));
  }

  @Override
  public String name() {
    return "elasticloadbalancing";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    return List.of(new Permission("elasticloadbalancing:" + call.operation(), "*"));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    if (!call.operation().equals("DescribeTargetHealth"))
      throw new AwsError(
          400,
          "UnsupportedOperation",
          "local does not play elasticloadbalancing:" + call.operation());
    var members =
        group(parameter(call, "TargetGroupArn")).all().stream()
            .map(Balancers::xml)
            .collect(Collectors.joining());
    return AwsAnswer.xml(
        """
        <DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">\
        <DescribeTargetHealthResult><TargetHealthDescriptions>%s</TargetHealthDescriptions>\
        </DescribeTargetHealthResult></DescribeTargetHealthResponse>\
        """
            .formatted(members));
  }

  private static String xml(Target target) {
    var state =
        switch (target.health()) {
          case INITIAL -> "<State>initial</State><Reason>Elb.InitialHealthChecking</Reason>";
          case HEALTHY -> "<State>healthy</State>";
          case SILENT -> "<State>unhealthy</State><Reason>Target.Timeout</Reason>";
          case WRONG -> "<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>";
        };
    if (target.draining())
      state = "<State>draining</State><Reason>Target.DeregistrationInProgress</Reason>";
    return "<member><Target><Id>127.0.0.1</Id><Port>%d</Port></Target><TargetHealth>%s</TargetHealth></member>"
        .formatted(target.port(), state);
  }

  private static String parameter(AwsCall call, String name) {
    for (var pair : call.text().split("&"))
      if (pair.startsWith(name + "="))
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
    throw new AwsError(400, "ValidationError", name + " is missing");
  }

  @Override
  public void close() {
    balancers.values().forEach(balancer -> balancer.server().stop(0));
    groups.values().forEach(TargetGroup::close);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
