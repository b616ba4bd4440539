package slipway.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import software.constructs.IConstruct;

/**
 * What cdk-nag's rules for AWS Solutions find and we keep: each on one resource, with the reason,
 * which the template carries to those who review it. A test finds what is not excused.
 */
final class Nag {
  private static final String WILDCARD = "AwsSolutions-IAM5";

  private Nag() {}

  /**
   * Keeps what a rule finds on a resource.
   *
   * @param rule such as {@code AwsSolutions-EC23}
   * @param why a sentence for reviewers
   */
  static void keep(IConstruct resource, String rule, String why) {
    suppress(resource, NagPackSuppression.builder().id(rule).reason(why));
  }

  /**
   * Keeps a wildcard in the policies of a role.
   *
   * @param resource as in the statement, {@code *} for all
   */
  static void keepWildcard(IConstruct role, String resource, String why) {
    var exact = resource.equals("*") ? "\\*" : ".*" + escaped(readable(resource));
    suppress(
        role,
        NagPackSuppression.builder()
            .id(WILDCARD)
            .reason(why)
            .appliesTo(
                List.of(RegexAppliesTo.builder().regex("/^Resource::" + exact + "$/").build())));
  }

  private static void suppress(IConstruct resource, NagPackSuppression.Builder suppression) {
    NagSuppressions.addResourceSuppressions(resource, List.of(suppression.build()), true);
  }

  /** What comes after references, which only the finished template names. */
  static String readable(String resource) {
    return resource.substring(resource.lastIndexOf('}') + 1);
  }

  private static String escaped(String text) {
    return text.replaceAll("[.*+?^${}()|\\[\\]/\\\\]", "\\\\$0");
  }
}
