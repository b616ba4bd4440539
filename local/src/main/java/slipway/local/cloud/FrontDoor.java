package slipway.local.cloud;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Malformed;

/**
 * The one endpoint of the local AWS. A call's signature says who calls and which service; its
 * policies must allow it; then the service answers. Signatures are not verified: keys work on
 * loopback only.
 */
public final class FrontDoor implements AutoCloseable {
  private final Credentials credentials;
  private final Guard guard;
  private final CallLog calls;
  private final Map<String, AwsService> services = new ConcurrentHashMap<>();
  private final Loopback server;

  public FrontDoor(Credentials credentials, Guard guard, CallLog calls) {
    this.credentials = credentials;
    this.guard = guard;
    this.calls = calls;
    this.server = Loopback.serve("front door", this::serve);
  }

  /** Value for {@code AWS_ENDPOINT_URL}. */
  public URI uri() {
    return server.uri();
  }

  /** Adds a service; two services of one name are a mistake in the wiring. */
  public void add(AwsService service) {
    var other = services.putIfAbsent(service.name(), service);
    if (other != null)
      throw new IllegalStateException(
          "two services are named '%s': %s and %s"
              .formatted(service.name(), other.getClass().getName(), service.getClass().getName()));
  }

  private void serve(HttpExchange exchange) throws IOException {
    var start = Instant.now();
    var requestId = UUID.randomUUID().toString();
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    var body =
        Wire.unzipped(headers, Wire.unchunked(headers, exchange.getRequestBody().readAllBytes()));
    var query = Wire.parameters(exchange.getRequestURI().getRawQuery());
    var scope = Wire.scope(headers, query);
    var call =
        new AwsCall(
            scope.map(Wire.Scope::service).orElse("unsigned"),
            Wire.operation(headers, Wire.form(headers, body)),
            new Caller("", "someone", ""),
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            query,
            headers,
            body);
    AwsAnswer answer;
    var error = "";
    try {
      if (scope.isEmpty())
        throw new AwsError(403, "MissingAuthenticationToken", "The request is not signed.");
      var key = scope.get().accessKey();
      var caller =
          credentials
              .find(key)
              .orElseThrow(
                  () ->
                      new AwsError(
                          403,
                          "UnrecognizedClientException",
                          "The security token included in the request is invalid: access key "
                              + key
                              + " is none that this local AWS handed out."));
      call = with(call, call.operation(), caller);
      var service = services.get(call.service());
      if (service == null) throw notPlayed(call, "local does not play this service");
      call = with(call, service.operation(call.method(), call.path(), call), caller);
      answer = authorized(service, call);
    } catch (AwsError e) {
      error = e.code() + ": " + e.getMessage();
      answer = Wire.error(e, call.service(), headers, requestId);
    } catch (Malformed e) {
      error = "ValidationException: " + e.getMessage();
      answer =
          Wire.error(
              new AwsError(400, "ValidationException", e.getMessage()),
              call.service(),
              headers,
              requestId);
    } catch (RuntimeException e) {
      error = "InternalFailure: " + e;
      answer =
          Wire.error(
              new AwsError(500, "InternalFailure", "local failed in " + name(call) + ": " + e),
              call.service(),
              headers,
              requestId);
      System.getLogger(FrontDoor.class.getName())
          .log(System.Logger.Level.ERROR, "local failed in " + name(call), e);
    }
    calls.add(
        new CallLog.Entry(
            start,
            call.caller().name(),
            call.service(),
            call.operation().isEmpty() ? call.method() + " " + call.path() : call.operation(),
            answer.status(),
            Duration.between(start, Instant.now()),
            error));
    exchange.getResponseHeaders().set("x-amzn-RequestId", requestId);
    Loopback.answer(exchange, answer.status(), answer.headers(), answer.body());
  }

  private AwsAnswer authorized(AwsService service, AwsCall call) {
    for (var permission : service.needs(call)) {
      guard
          .refusal(call.caller(), permission)
          .ifPresent(
              why -> {
                throw denied(service, call.caller(), permission, why);
              });
    }
    return service.answer(call);
  }

  /** The text is AWS's, so that people and programs recognise it. */
  static AwsError denied(
      AwsService service, Caller caller, AwsService.Permission permission, String why) {
    var code = service.name().equals("s3") ? "AccessDenied" : "AccessDeniedException";
    return new AwsError(
        service.name().equals("s3") || service.name().equals("lambda") ? 403 : 400,
        code,
        "User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: %s on resource: %s %s"
            .formatted(
                Place.ACCOUNT,
                caller.roleArn().substring(caller.roleArn().lastIndexOf('/') + 1),
                caller.name(),
                permission.action(),
                permission.resource(),
                why));
  }

  /** The error for an operation that local does not play; it names what was asked for. */
  public static AwsError notPlayed(AwsCall call, String why) {
    return new AwsError(501, "NotPlayed", name(call) + ": " + why);
  }

  /** The error for an operation that a played service does not play. */
  public static AwsError notPlayed(AwsCall call) {
    return notPlayed(call, "local plays this service, but not this operation");
  }

  private static String name(AwsCall call) {
    return call.service()
        + ":"
        + (call.operation().isEmpty() ? call.method() + " " + call.path() : call.operation());
  }

  private static AwsCall with(AwsCall call, String operation, Caller caller) {
    return new AwsCall(
        call.service(),
        operation,
        caller,
        call.method(),
        call.path(),
        call.query(),
        call.headers(),
        call.body());
  }

  /** The services that are played. */
  public List<String> services() {
    return services.keySet().stream().sorted().toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
