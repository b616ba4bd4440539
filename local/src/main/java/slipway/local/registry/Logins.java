package slipway.local.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import slipway.local.cloud.Caller;

/** Login passwords, and who got each from GetAuthorizationToken. */
final class Logins {
  private final Map<String, Caller> callers = new ConcurrentHashMap<>();

  /** A token as GetAuthorizationToken gives it: {@code AWS:password} in Base64. */
  String tokenFor(Caller caller) {
    var password = UUID.randomUUID().toString().replace("-", "");
    callers.put(password, caller);
    return Base64.getEncoder().encodeToString(("AWS:" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** The caller behind an {@code Authorization: Basic …} header. */
  Optional<Caller> caller(String header) {
    if (header == null || !header.startsWith("Basic ")) return Optional.empty();
    try {
      var pair =
          new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
      return pair.startsWith("AWS:")
          ? Optional.ofNullable(callers.get(pair.substring(4)))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
