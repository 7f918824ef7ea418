package org.collectionscheduler;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class CollectionSchedulerApplication {

    public static void main(String[] args) {
        SpringApplication.run(CollectionSchedulerApplication.class, args);
    }
}
