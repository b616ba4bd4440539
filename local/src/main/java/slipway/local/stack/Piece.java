package slipway.local.stack;

import java.util.List;
import slipway.local.cloud.AwsService;

/** A part of the local AWS that plugs into a {@link LocalStack}. */
@FunctionalInterface
public interface Piece {

  /** Starts it; called once, before the first resource is made. */
  Parts open(Surroundings surroundings);

  /**
   * What a piece brings.
   *
   * @param services answer calls at the front door
   * @param provisioners make resources; they win over resources that only have to be there
   * @param close ends it and every process that it started; called before the front door closes
   */
  record Parts(
      List<? extends AwsService> services,
      List<? extends Provisioner> provisioners,
      AutoCloseable close) {

    public Parts {
      services = List.copyOf(services);
      provisioners = List.copyOf(provisioners);
    }
  }
}
