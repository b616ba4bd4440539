package slipway.config;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * A name of one's own under which a service answers, over HTTPS.
 *
 * @param name such as {@code dice.example.com}
 * @param trust why browsers believe it
 */
public record Domain(String name, Trust trust) {
  /** Labels of DNS, in lower case as URLs have them. */
  static final Pattern NAME =
      Pattern.compile(
          "(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]");

  /** Of a certificate's common name. Source: ACM API reference, RequestCertificate. */
  static final int LONGEST_ISSUED = 64;

  /** Where the certificate comes from, and who makes the name point to the load balancer. */
  public sealed interface Trust {
    /**
     * One that is there already; so DNS is the user's, too.
     *
     * @param arn in ACM, in the stack's Region
     */
    record Certificate(String arn) implements Trust {}

    /**
     * One that is made with the stack, and proven and pointed to by records in a hosted zone.
     *
     * @param id of the public hosted zone in Route 53, such as {@code Z0123456789ABCDEFGHIJ}
     */
    record Zone(String id) implements Trust {}
  }

  public Domain {
    if (!NAME.matcher(name).matches())
      throw new IllegalArgumentException(
          "domain '%s': want a name such as dice.example.com".formatted(name));
    if (trust instanceof Trust.Zone && name.length() > LONGEST_ISSUED)
      throw new IllegalArgumentException(
          "domain '%s': want %d characters at most, as ACM issues for no longer name"
              .formatted(name, LONGEST_ISSUED));
  }

  /** Where the service answers. */
  public URI url() {
    return URI.create("https://" + name);
  }
}
