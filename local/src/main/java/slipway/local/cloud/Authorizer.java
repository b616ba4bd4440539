package slipway.local.cloud;

/** Says whether a caller's policies allow something; for protocols beside the front door. */
@FunctionalInterface
public interface Authorizer {
  boolean allows(Caller caller, AwsService.Permission permission);
}
