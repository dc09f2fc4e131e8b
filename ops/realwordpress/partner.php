<?php
/* What WP Job Manager and The Events Calendar add to a site, as a must-use plugin: types, fields, routes, markup, and
 * the faults of site.sh. `update_option( 'newest', 1 )` hides what newer versions of WP Job Manager hide. */

$fault = 'cli' === PHP_SAPI ? '' : trim( (string) @file_get_contents( getenv( 'WP_FAULT' ) ) );
if ( 'warnings' === $fault ) {
	add_action( 'init', function () {
		ini_set( 'display_errors', '1' );
		trigger_error( 'Undefined array key "location"', E_USER_WARNING );
		register_shutdown_function( fn() => trigger_error( 'after the fact', E_USER_WARNING ) );
	} );
} elseif ( 'fatal' === $fault ) {
	add_action( 'init', fn() => throw new Error( 'a broken plugin' ) );
} elseif ( 'members_only' === $fault ) {
	add_filter( 'rest_authentication_errors', fn( $known ) => $known ?: ( is_user_logged_in() ? $known : new WP_Error( 'rest_not_logged_in', 'You are not currently logged in.', [ 'status' => 401 ] ) ) );
}

const JOB_FIELDS = [ '_job_location' => 'string', '_application' => 'string', '_company_name' => 'string', '_company_website' => 'string', '_company_tagline' => 'string', '_filled' => 'integer', '_featured' => 'integer', '_job_expires' => 'string', '_remote_position' => 'integer', '_job_salary' => 'string', '_job_salary_currency' => 'string', '_job_salary_unit' => 'string' ];
const EVENT_FIELDS = [ '_tribe_events_status' => 'string', '_tribe_events_status_reason' => 'string' ];

add_action( 'init', function () {
	$shown = [ 'public' => true, 'map_meta_cap' => true, 'show_in_rest' => true, 'supports' => [ 'title', 'editor', 'thumbnail', 'custom-fields', 'author' ] ];
	register_post_type( 'job_listing', [ 'label' => 'Jobs', 'rest_base' => 'job-listings', 'rewrite' => [ 'slug' => 'job', 'with_front' => false ] ] + $shown );
	register_post_type( 'tribe_events', [ 'label' => 'Events', 'rewrite' => [ 'slug' => 'event', 'with_front' => false ] ] + $shown );
	add_post_type_support( 'tribe_events', 'excerpt' );
	register_post_status( 'expired', [ 'public' => true, 'protected' => true, 'exclude_from_search' => true ] );
	foreach ( [ 'job_listing_type' => 'job-types', 'job_listing_category' => 'job-categories' ] as $name => $base ) {
		register_taxonomy( $name, 'job_listing', [ 'hierarchical' => true, 'public' => false, 'show_in_rest' => true, 'rest_base' => $base ] );
	}
	register_meta( 'term', 'employment_type', [ 'object_subtype' => 'job_listing_type', 'show_in_rest' => true, 'type' => 'string', 'single' => true ] );
	foreach ( [ 'job_listing' => JOB_FIELDS, 'tribe_events' => EVENT_FIELDS ] as $kind => $fields ) {
		foreach ( $fields as $key => $type ) {
			register_meta( 'post', $key, [ 'object_subtype' => $kind, 'type' => $type, 'show_in_rest' => true, 'single' => true ] );
		}
	}
} );

add_filter( 'rest_job_listing_query', function ( $args ) {
	if ( get_option( 'newest' ) ) {
		$args['has_password'] = false;
		$args['meta_query'][] = [ 'relation' => 'OR', [ 'key' => '_filled', 'value' => '1', 'compare' => '!=' ], [ 'key' => '_filled', 'compare' => 'NOT EXISTS' ] ];
	}
	return $args;
} );

add_filter( 'rest_prepare_job_listing', function ( $response, $post ) {
	$data = $response->get_data();
	if ( ! current_user_can( 'edit_post', $post->ID ) ) {
		unset( $data['meta']['_job_expires'] );
	}
	if ( get_option( 'newest' ) && post_password_required( $post ) ) {
		$data['title']['rendered'] = $data['slug'] = '';
		$data['meta'] = [];
		unset( $data['link'] );
	}
	$response->set_data( $data );
	return $response;
}, 10, 2 );

add_action( 'wp_footer', function () {
	$post = get_post();
	if ( is_singular( 'job_listing' ) && 'publish' === $post->post_status && '1' !== (string) $post->_filled ) {
		$json = _wp_specialchars( wp_json_encode( job_posting( $post ) ), ENT_NOQUOTES, 'UTF-8', true );
		echo "<!-- WP Job Manager Structured Data -->\r\n<script type=\"application/ld+json\">$json</script>";
	}
} );

function job_posting( $post ) {
	$until = DateTimeImmutable::createFromFormat( 'Y-m-d', (string) $post->_job_expires, wp_timezone() );
	return array_filter( [
		'@context' => 'http://schema.org/', '@type' => 'JobPosting', 'datePosted' => get_post_datetime( $post )->format( 'c' ),
		'validThrough' => $until ? $until->setTime( 23, 59, 59 )->format( 'c' ) : null, 'title' => wp_strip_all_tags( get_the_title( $post ) ),
		'description' => wpautop( wptexturize( wp_kses_post( $post->post_content ) ) ),
		'hiringOrganization' => [ '@type' => 'Organization', 'name' => $post->_company_name, 'sameAs' => 'http://' . $post->_company_website ],
		'identifier' => [ '@type' => 'PropertyValue', 'name' => $post->_company_name, 'value' => get_the_guid( $post ) ],
		'jobLocation' => [ '@type' => 'Place', 'address' => $post->_job_location ], 'directApply' => true,
		'baseSalary' => [ '@type' => 'MonetaryAmount', 'currency' => 'EUR', 'value' => [ '@type' => 'QuantitativeValue', 'value' => $post->_job_salary, 'unitText' => 'MONTH' ] ],
	] );
}

function event_data( $post ) {
	$costs = preg_match_all( '/\d+/', $post->_EventCost, $found ) ? $found[0] : [];
	return [
		'id' => $post->ID, 'global_id' => wp_parse_url( home_url(), PHP_URL_HOST ) . '?id=' . $post->ID, 'author' => $post->post_author, 'status' => $post->post_status,
		'date' => $post->post_date, 'date_utc' => $post->post_date_gmt, 'modified' => $post->post_modified, 'modified_utc' => $post->post_modified_gmt,
		'url' => get_permalink( $post ), 'rest_url' => rest_url( "tribe/events/v1/events/$post->ID" ), 'slug' => $post->post_name,
		'title' => apply_filters( 'the_title', $post->post_title, $post->ID ), 'description' => trim( apply_filters( 'the_content', $post->post_content ) ), 'excerpt' => '',
		'image' => false, 'all_day' => false, 'start_date' => $post->_EventStartDate, 'end_date' => $post->_EventEndDate, 'utc_start_date' => $post->_EventStartDateUTC,
		'utc_end_date' => $post->_EventEndDateUTC, 'timezone' => $post->_EventTimezone, 'cost' => implode( ' – ', array_map( fn( $cost ) => "$$cost", $costs ) ),
		'cost_details' => [ 'currency_symbol' => '$', 'values' => $costs ], 'website' => '', 'categories' => [], 'tags' => [], 'venue' => [], 'organizer' => [],
	];
}

function all_events( $request ) {
	$window = [ date( 'Y-m-d 00:00:00', strtotime( $request['start_date'] ?? 'today' ) ), date( 'Y-m-d 23:59:59', strtotime( $request['end_date'] ?? '+24 months' ) ) ];
	$query = new WP_Query( [
		'post_type' => 'tribe_events', 'post_status' => current_user_can( 'edit_posts' ) ? 'any' : 'publish', 'posts_per_page' => min( 50, $request['per_page'] ), 'paged' => $request['page'],
		'meta_key' => '_EventStartDate', 'orderby' => 'meta_value', 'order' => 'ASC', 'meta_query' => [ [ 'key' => '_EventStartDate', 'value' => $window, 'compare' => 'BETWEEN', 'type' => 'DATETIME' ] ],
	] );
	if ( ! $query->posts && $request['page'] > 1 ) {
		return new WP_Error( 'event-archive-page-not-found', 'The requested page was not found.', [ 'status' => 404 ] );
	}
	$response = new WP_REST_Response( [ 'events' => array_map( 'event_data', $query->posts ), 'rest_url' => rest_url( 'tribe/events/v1/events/' ), 'total' => $query->found_posts, 'total_pages' => $query->max_num_pages ] );
	$response->header( 'X-TEC-Total', $query->found_posts );
	$response->header( 'X-TEC-TotalPages', $query->max_num_pages );
	return $response;
}

function one_event( $request ) {
	$post = get_post( $request['id'] );
	$refusal = new WP_Error( 'event-not-accessible', 'The requested event is not accessible', [ 'status' => 403 ] );
	return 'publish' === $post->post_status ? new WP_REST_Response( event_data( $post ) ) : $refusal;
}

add_action( 'rest_api_init', function () {
	$positive = fn( $value ) => is_numeric( $value ) && $value > 0;
	$date = [ 'validate_callback' => fn( $value ) => false !== strtotime( $value ) ];
	$open = [ 'permission_callback' => '__return_true' ];
	register_rest_route( 'tribe/events/v1', '/events', $open + [ 'callback' => 'all_events', 'args' => [
		'page' => [ 'default' => 1, 'validate_callback' => $positive ], 'per_page' => [ 'default' => 10, 'validate_callback' => $positive ], 'start_date' => $date, 'end_date' => $date,
	] ] );
	register_rest_route( 'tribe/events/v1', '/events/(?P<id>\d+)', $open + [ 'callback' => 'one_event', 'args' => [
		'id' => [ 'validate_callback' => fn( $id ) => 'tribe_events' === get_post_type( (int) $id ) ],
	] ] );
} );
