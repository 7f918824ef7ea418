package org.collectionscheduler.run;

import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * This process among all that share a store.
 *
 * @param id process number, host and a random part: in a container the first two do not change with a restart
 */
public record Instance(String id) {

    static Instance current() {
        String random =
                HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        return new Instance(ManagementFactory.getRuntimeMXBean().getName() + "-" + random);
    }
}
