package slipway.local.balancer;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

/** Elastic Load Balancing v2: a loopback port for each port of a load balancer. */
public final class Balancers implements AwsService, Provisioner, Targets, AutoCloseable {
  private static final String ARN = Place.arn("elasticloadbalancing", "");
  private static final int HTTP = 80;

  /** What of a listener its port depends on. */
  private static final Set<String> DOORS = Set.of("Port", "Protocol", "SslPolicy");

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

  private volatile @Nullable SelfSigned certificate;

  /**
   * A load balancer.
   *
   * @param plain what stands for its port 80, so that its name alone leads there
   * @param others what stands for its other ports
   * @param listeners by port
   */
  private record Balancer(Door plain, Map<Integer, Door> others, Map<Integer, Listener> listeners) {
    Optional<Door> door(int port) {
      return port == HTTP ? Optional.of(plain) : Optional.ofNullable(others.get(port));
    }

    void close() {
      plain.close();
      others.values().forEach(Door::close);
    }
  }

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
    var others = new ConcurrentHashMap<Integer, Door>();
    var own = new ConcurrentHashMap<Integer, Listener>();
    var plain = Door.plain(proxy(arn, () -> Optional.ofNullable(own.get(HTTP))), threads);
    balancers.put(arn, new Balancer(plain, others, own));
    return new Made(
        arn,
        Map.of(
            "LoadBalancerArn",
            arn,
            "DNSName",
            "127.0.0.1:" + plain.port(),
            "LoadBalancerFullName",
            full,
            "LoadBalancerName",
            named(resource),
            "CanonicalHostedZoneID",
            "Z14GRHDCWA56QT"));
  }

  private Proxy proxy(String balancer, Supplier<Optional<Listener>> listener) {
    return new Proxy(
        client,
        listener,
        groups,
        port ->
            balancers
                .get(balancer)
                .door(Integer.parseInt(port))
                .map(door -> String.valueOf(door.port()))
                .orElse(port));
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
    open(balancer, listener);
    listeners.put(arn, listener);
    return new Made(arn, Map.of("ListenerArn", arn));
  }

  private void open(String arn, Listener listener) {
    var balancer = balancers.get(arn);
    if (balancer.listeners().containsKey(listener.port()))
      throw new IllegalStateException(
          "A listener already exists on port %d for %s".formatted(listener.port(), arn));
    switch (listener.protocol()) {
      case "HTTP" -> {
        if (listener.port() != HTTP)
          balancer
              .others()
              .put(listener.port(), Door.plain(proxy(arn, () -> Optional.of(listener)), threads));
      }
      case "HTTPS" ->
          balancer
              .others()
              .put(
                  listener.port(),
                  Door.encrypted(
                      selfSigned().context(),
                      listener.tls(),
                      proxy(arn, () -> Optional.of(listener)),
                      threads));
      default ->
          throw new UnsupportedOperationException(
              "local plays no listener for " + listener.protocol());
    }
    balancer.listeners().put(listener.port(), listener);
  }

  private void shut(String arn, Listener listener) {
    var balancer = balancers.get(arn);
    balancer.listeners().remove(listener.port(), listener);
    var door = balancer.others().remove(listener.port());
    if (door != null) door.close();
  }

  /** Made when the first listener wants it: keytool takes a second. */
  private synchronized SelfSigned selfSigned() {
    var made = certificate;
    if (made == null) {
      made = SelfSigned.make();
      certificate = made;
    }
    return made;
  }

  /** What HTTPS listeners show in place of the certificates that they name. */
  public X509Certificate certificate() {
    return selfSigned().certificate();
  }

  /**
   * Where a port of a load balancer is on this machine, if a listener is there.
   *
   * @param balancer its ARN
   */
  public Optional<URI> address(String balancer, int port) {
    var found = balancers.get(balancer);
    if (found == null || !found.listeners().containsKey(port)) return Optional.empty();
    return found
        .door(port)
        .map(door -> URI.create("%s://127.0.0.1:%d".formatted(door.scheme(), door.port())));
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
      case "AWS::ElasticLoadBalancingV2::Listener" -> listener(change);
      case "AWS::ElasticLoadBalancingV2::ListenerRule" ->
          listeners
              .get(change.properties().at("ListenerArn").text())
              .put(arn, Listener.Rule.of(change.properties()));
      // Attributes, subnets and groups of a load balancer show nowhere here.
      default -> {}
    }
    return change.made();
  }

  /** What it does by default changes at once; another port or other TLS is another door. */
  private void listener(Change change) {
    var listener = listeners.get(change.made().ref());
    if (change.differing().stream().noneMatch(DOORS::contains)) {
      listener.become(change.properties());
      return;
    }
    var balancer = change.properties().at("LoadBalancerArn").text();
    shut(balancer, listener);
    listener.become(change.properties());
    open(balancer, listener);
  }

  @Override
  public void delete(Resource resource, Made made) {
    var arn = made.ref();
    var properties = resource.properties();
    switch (resource.type()) {
      case "AWS::ElasticLoadBalancingV2::LoadBalancer" -> balancers.remove(arn).close();
      case "AWS::ElasticLoadBalancingV2::TargetGroup" -> {
        if (listeners.values().stream().anyMatch(listener -> listener.forwardsTo(arn)))
          throw new IllegalStateException(
              "Target group '%s' is currently in use by a listener or a rule".formatted(arn));
        groups.remove(arn).close();
      }
      case "AWS::ElasticLoadBalancingV2::Listener" ->
          shut(properties.at("LoadBalancerArn").text(), listeners.remove(arn));
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
    balancers.values().forEach(Balancer::close);
    groups.values().forEach(TargetGroup::close);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
