package slipway.local.cloud;

import java.util.List;

/** One AWS service that local plays, as far as the deployer uses it. */
public interface AwsService {

  /** Signing name in the credential scope, such as {@code ecs}. */
  String name();

  /**
   * The operation that a request asks for, as the service's model names it. The default reads the
   * JSON and query protocols ({@code X-Amz-Target}, {@code Action}); a REST service overrides it.
   */
  default String operation(String method, String path, AwsCall raw) {
    return raw.operation();
  }

  /**
   * What the caller must be allowed to do, as IAM sees it: usually one action on the resources that
   * the request names. Checked before {@link #answer}.
   */
  List<Permission> needs(AwsCall call);

  /** Plays the operation; an operation that is not played is an {@link AwsError} that names it. */
  AwsAnswer answer(AwsCall call);

  /**
   * An action on a resource.
   *
   * @param action such as {@code ecs:UpdateService}
   * @param resource ARN, or {@code *} for actions that have no resource
   * @param context condition keys of this request, such as {@code ecs:cluster}
   */
  record Permission(String action, String resource, java.util.Map<String, String> context) {
    public Permission(String action, String resource) {
      this(action, resource, java.util.Map.of());
    }
  }
}
