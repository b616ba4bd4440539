package slipway.local.cloud;

import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Hands out access keys, and knows whose each one is. They work on the local front door only. */
public final class Credentials {
  /** Role of the person at the terminal, who may do everything. */
  public static final String OPERATOR_ROLE =
      "arn:aws:iam::" + Place.ACCOUNT + ":role/slipway-local-operator";

  private final Map<String, Caller> callers = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();

  /**
   * Keys that act as a role.
   *
   * @param caller whom calls with these keys are from
   */
  public record Keys(Caller caller, String secret, String token) {

    /** What the AWS SDKs and the CLI read from the environment. */
    public Map<String, String> environment(URI endpoint) {
      var environment = new LinkedHashMap<String, String>();
      environment.put("AWS_ENDPOINT_URL", endpoint.toString());
      environment.put("AWS_REGION", Place.REGION);
      environment.put("AWS_DEFAULT_REGION", Place.REGION);
      environment.put("AWS_ACCESS_KEY_ID", caller.accessKey());
      environment.put("AWS_SECRET_ACCESS_KEY", secret);
      environment.put("AWS_SESSION_TOKEN", token);
      return environment;
    }

    @Override
    public String toString() {
      return "Keys of " + caller.name();
    }
  }

  /**
   * New keys.
   *
   * @param name for people: whose they are, such as {@code RolloutFunction}
   * @param roleArn whose policies apply
   */
  public Keys issue(String name, String roleArn) {
    var number = count.incrementAndGet();
    var caller = new Caller("ASIALOCAL%011d".formatted(number), name, roleArn);
    callers.put(caller.accessKey(), caller);
    return new Keys(caller, "local-secret-" + number, "local-token-" + number);
  }

  /** New keys of the person at the terminal. */
  public Keys operator(String name) {
    return issue(name, OPERATOR_ROLE);
  }

  /** Whose access key that is. */
  public Optional<Caller> find(String accessKey) {
    return Optional.ofNullable(callers.get(accessKey));
  }

  /** An id as AWS gives to roles: a prefix and 17 characters made from the name. */
  public static String uniqueId(String prefix, String name) {
    var hex = HexFormat.of().withUpperCase().toHexDigits((long) name.hashCode() * 0x9E3779B97F4AL);
    return prefix + ("LOCAL" + hex).substring(0, 17);
  }
}
